/** Folder with recorded data of other projects that tests replay; undefined where there is none. */
export const contractData: string | undefined = process.env.MUSTER_CONTRACT_DATA;
