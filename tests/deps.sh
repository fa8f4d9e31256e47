#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# usage: deps.sh PACKAGE...   installs the Debian packages that are missing; elsewhere names them.
set -eu
if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    if pkg-config --exists gio-2.0 gsl yaml-0.1 jansson 2>/dev/null; then exit 0; fi
    echo "This system has no apt. Please install what these Debian packages hold, then try again:"
    echo "  $*"
    exit 1
fi
missing=
for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
echo "Installing with apt:$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086 # the names are separate words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
