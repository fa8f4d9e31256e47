/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/study.h"

/* More face values than this are not told apart. */
enum { PL_MOST_FACES = 100 };

/* The coupons of one treatment during the promotion, by test store and face value. */
typedef struct {
    const PlStudy *study;
    const PlArm *arm;
    guint n_stores;                        /* test stores, each once */
    guint *store;                          /* [n_stores] of the panel */
    guint n_faces;                         /* 0: no rows */
    gboolean many_faces;                   /* more than PL_MOST_FACES: all in one, whose value is NaN */
    double *faces;                         /* [n_faces] ascending; NaN, when some rows do not tell it, last */
    double **handed;                       /* [n_faces][n_stores] handed out; NaN: not known */
    double **redeemed;                     /* [n_faces][n_stores] */
    guint n_rows;                          /* of the table, that these are the sums of */
    double *store_handed, *store_redeemed; /* [n_stores] of all face values */
    double *store_cost; /* [n_stores] face values of the redeemed coupons; NaN: not known */
    gboolean *sound; /* [n_stores] a rate can be had: coupons were handed out, and no fewer than redeemed */
    guint n_unknown; /* stores that do not say how many were handed out */
    guint n_over;    /* stores that redeemed more than they handed out during the promotion */
    double all_handed, all_redeemed; /* of the sound stores */
    double any_redeemed;             /* of all stores */
} PlCouponCounts;

PlCouponCounts *pl_coupon_counts_new(const PlStudy *study, const PlArm *arm);
void pl_coupon_counts_free(PlCouponCounts *counts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlCouponCounts, pl_coupon_counts_free)

/* A number of known face values. */
guint pl_coupon_known_faces(const PlCouponCounts *counts);
/* "0.50" */
char *pl_coupon_face_text(double face_value);
/* Rows that take no part, as a check. */
void pl_check_coupons(const PlStudy *study, PlResult *result);
