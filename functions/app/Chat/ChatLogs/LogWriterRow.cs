namespace Vox.Chat.ChatLogs;

/// <summary>A process, perhaps one that has ended, that stores messages and logs them afterwards.</summary>
/// <param name="LoggedThrough">Unix ms: everything that the process stored before this time is in the log.</param>
public sealed record LogWriterRow(string Id, string Machine, int ProcessId, DateTimeOffset SeenAt, long LoggedThrough);
