/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/design/chain_truth.h"
#include "pairlift/model/result.h"
#include "pairlift/model/tables.h"

/* Studies of what a whole run says: chains as `simulate` makes them go through pl_run(), and findings of the
 * result's sections are held against what the promotion truly did. */

/* A finding (of any section, without a group) and its truth. */
typedef struct {
    const char *section, *measure, *period; /* period NULL: any */
    double (*truth)(const PlChain *chain, const PlChainTruth *truth);
} Claim;

typedef struct {
    const char *title;
    const char *says; /* how the data are made, a paragraph of Markdown */
    const char *yaml; /* what the definition says beside the data, the periods, the pairs and the method; with
                   an `assignment` of stores.csv the stores are compared as groups */
    const size_t *sizes;                  /* pairs; 0 at the end */
    double share;                         /* of the simulations asked for */
    void (*set)(PlChainOptions *options); /* NULL: as simulate makes them */
    const Claim *claims;                  /* section NULL at the end */
} FindingsStudy;

/* Of study_moved.c: whether the sales of a study are those of the promoted product alone, and its tables
 * beside sales. */
extern const FindingsStudy study_moved_products, study_moved_after, study_moved_near;
gboolean study_moved_is_promoted(const FindingsStudy *study);
void study_moved_tables(const FindingsStudy *study, const PlChain *chain, const PlPanel *panel,
                        PlTables *tables);

extern const FindingsStudy *const pl_findings_studies[]; /* NULL at the end */

/* Prints bias and coverage of every claim; FALSE: one of them is off. */
gboolean findings_study_print(const FindingsStudy *study, guint simulations);
