#!/usr/bin/env bash
# contradictory.sh - a made-up election of which every third figure contradicts itself, each by another rule: all are
# held back for what they break, and count when they are corrected.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

tests/replay/make-big --out "$folder/wrong.csv" --places 120 --communes 4 --districts 2 --wrong 3
said=$(tests/replay/replay "$folder/wrong.csv" | grep -v ^note:) || { echo "$said"; exit 1; }
grep -q ', all quarantined, none in a total; corrected: all count$' <<<"$said" || { echo "$said"; exit 1; }
for rule in F1 F3 F5 F6 F7 F10; do
  grep -q "^quarantined: .*\b$rule [1-9]" <<<"$said" || { echo "$said"; echo "contradictory: no $rule"; exit 1; }
done
echo "contradictory: ok $(grep ' contradictions in ' <<<"$said")"
