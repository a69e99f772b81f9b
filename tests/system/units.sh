#!/usr/bin/env bash
# units.sh - the systemd units are well formed, harden what they start, and say what the daemons rely on.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
if ! command -v systemd-analyze >/dev/null; then
  echo "systemd-analyze is not installed"
  exit 77
fi
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
wrong=0

for unit in dantin-hub.service dantin-node@.service; do
  # The program need not be installed to check the rest: any that is there will do.
  sed 's#^ExecStart=/usr/bin/dantin-[a-z]*#ExecStart=/bin/true#' "deploy/systemd/$unit" >"$home/$unit"
  instance=${unit/@./@21001.}
  [ "$unit" = "$instance" ] || cp "$home/$unit" "$home/$instance"
  said=$(systemd-analyze verify --man=no "$home/$instance" 2>&1)
  if [ -n "$said" ]; then
    echo "$unit is not well formed: $said"
    wrong=1
  fi
  # 15 is an exposure of 1.5 in the tool's own words.
  if ! systemd-analyze security --no-pager --offline=true --threshold=15 "$home/$unit" >"$home/said" 2>&1; then
    echo "$unit is exposed more than 1.5:"
    grep -E '^✗|Overall' "$home/said"
    wrong=1
  fi
  for line in Type=notify WatchdogSec=30 Restart=always RestartSec=2 LimitCORE=0 UMask=0077 StateDirectoryMode=0700; do
    if ! grep -qx "$line" "deploy/systemd/$unit"; then
      echo "$unit does not say $line"
      wrong=1
    fi
  done
done
exit $wrong
