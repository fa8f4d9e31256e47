/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/definition.h"
#include "pairlift/model/tables.h"

/* Reads the table "coupons" of the definition: for each store of the panel and each day how many coupons were
 * handed out (`distributed`, may be missing) and redeemed, and what one was worth (`face_value`, may be
 * missing). Dates are read by the table's date_format, or, where none is written, by that of the sales.
 * `*coupons` is NULL when the definition has no such table. `inputs` receives a PlInput a file; rows of
 * stores that the panel does not have are counted there, not kept.
 * PL_ERROR_DATA, with file and line: unknown columns, unreadable dates and numbers, counts that are negative
 * or not whole, a face value that is not above zero, and a store that redeemed more coupons of a face value
 * than it handed out, over the whole table: a coupon of last week may be redeemed this week.
 * PL_ERROR_DEFINITION: the table has no file. */
gboolean pl_load_coupons(const PlDefinition *def, const PlPanel *panel, PlCoupons **coupons,
                         GPtrArray *inputs, GError **error) G_GNUC_WARN_UNUSED_RESULT;
