const machineFacts = ' machineId: String serialNumber: String macAddresses: [String!]';
const sections = ' SERVICES PROCESSES UPDATES CONTAINERS';

/** The part of the server's graph that agents use, with the names of the real one; `isFirst` is that of the first servers. */
export const agentSdl = (isFirst = false) => `
scalar DateTime
scalar BigInt
type Query { ok: Boolean }
type Mutation {
  enrollDevice(input: EnrollDeviceInput!): EnrollDevicePayload!
  reportInventory(input: ReportInventoryInput!): ReportInventoryPayload!
  leaseCommands(input: LeaseCommandsInput!): LeaseCommandsPayload!
  reportCommands(input: ReportCommandsInput!): ReportCommandsPayload!
}
type Subscription { deviceSignals: DeviceSignal! }
enum OsFamily { LINUX WINDOWS MACOS OTHER }
enum DeviceStatus { PENDING ONLINE OFFLINE OVERDUE REVOKED }
input EnrollDeviceInput { token: String! publicKey: String! proof: String! facts: EnrollDeviceFactsInput! }
input EnrollDeviceFactsInput { hostname: String! osFamily: OsFamily! agentVersion: String! protocol: Int!${isFirst ? '' : machineFacts} }
type EnrollDevicePayload { deviceId: ID! status: DeviceStatus! serverKey: String! serverTime: DateTime! }
type DeviceSignal { kind: DeviceSignalKind! commandId: ID }
enum DeviceSignalKind { COMMANDS_WAITING CANCEL REFRESH_INVENTORY REVOKED }
input InventorySectionInput { section: InventorySection! hash: String! data: String! }
enum InventorySection { OS HARDWARE FILE_SYSTEMS DISKS NETWORK SOFTWARE USERS${isFirst ? '' : sections} }
input ReportInventoryInput { sections: [InventorySectionInput!]! bootedAt: DateTime agentVersion: String }
type ReportInventoryPayload { acceptedSections: [InventorySection!]! }
input LeaseCommandsInput { max: Int = 16 }
type LeaseCommandsPayload { commands: [LeasedCommand!]! }
type LeasedCommand { id: ID! envelope: String! signature: String! }
enum OutputStream { STDOUT STDERR }
input ReportCommandsInput { commands: [CommandReportInput!]! }
input CommandReportInput { commandId: ID! startedAt: DateTime chunks: [OutputChunkInput!] finished: CommandFinishedInput }
input OutputChunkInput { sequence: Int! stream: OutputStream! at: DateTime! text: String! }
input CommandFinishedInput {
  status: FinishedStatus! exitCode: Int signal: String reason: String finishedAt: DateTime!
  outputBytes: BigInt! isOutputTruncated: Boolean! lastSequence: Int!
}
enum FinishedStatus { SUCCEEDED FAILED TIMED_OUT CANCELLED LOST }
type ReportCommandsPayload { acknowledged: [CommandAcknowledgement!]! }
type CommandAcknowledgement { commandId: ID! throughSequence: Int! isFinal: Boolean! }
`;
