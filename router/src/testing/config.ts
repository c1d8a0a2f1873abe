/** Folder with recorded data of other projects that tests replay; undefined where there is none. */
export const contractData: string | undefined = process.env.MUSTER_CONTRACT_DATA;

/** True where the fuzzers are to run for minutes instead of seconds. */
export const isFullFuzz: boolean = process.env.MUSTER_FUZZ === 'full';
