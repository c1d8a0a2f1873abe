import * as v from 'valibot';

/** What a script can be run with. */
export const shells = {
  BASH: { title: 'Bash', sample: '#!/usr/bin/env bash\nset -euo pipefail\n\nuptime\ndf -h /\n' },
  SH: { title: 'POSIX sh', sample: '#!/bin/sh\nset -eu\n\nuptime\n' },
  PYTHON3: { title: 'Python 3', sample: 'import platform\n\nprint(platform.platform())\n' },
  NODE: { title: 'Node.js', sample: "import os from 'node:os';\n\nconsole.log(os.hostname(), os.uptime());\n" },
  PWSH: {
    title: 'PowerShell',
    sample: "$ErrorActionPreference = 'Stop'\n\nGet-Process | Sort-Object CPU -Descending | Select-Object -First 10\n",
  },
} as const;

/** A shell's name in the graph. */
export type ShellName = keyof typeof shells;

const names = Object.keys(shells) as ShellName[];

/** The shells that a system is likely to have, the likeliest first. */
export function shellsFor(family: string): readonly ShellName[] {
  return family === 'WINDOWS' ? ['PWSH', 'PYTHON3', 'NODE'] : names;
}

const day = 86_400;

/** What the run form must hold. */
export const runSchema = v.object({
  shell: v.picklist(names),
  script: v.pipe(
    v.string(),
    v.check(script => script.trim() !== '', 'Write the script to run.'),
    v.maxBytes(131_072, 'A script may be 128 KiB long.'),
  ),
  timeoutSeconds: v.pipe(
    v.string(),
    v.trim(),
    v.regex(/^\d+$/, 'Enter whole seconds.'),
    v.transform(Number),
    v.minValue(1, 'Enter at least 1 second.'),
    v.maxValue(day, `Enter at most ${day} seconds (one day).`),
  ),
});
