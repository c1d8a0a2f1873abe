import { setFlagsFromString } from 'node:v8';

// First of all imports: what runs afterwards is interpreted, in little memory. An agent is idle nearly always, and the
// optimizing compilers with what they make are a third of what it would hold.
for (const flag of ['--no-opt', '--no-maglev', '--no-sparkplug', '--optimize-for-size']) setFlagsFromString(flag);
