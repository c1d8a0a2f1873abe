/** The agent's version, as told to the server. */
export const agentVersion = '0.1.0';

/** The revision of PROTOCOL.md that this agent speaks. */
export const protocolVersion = 1;
