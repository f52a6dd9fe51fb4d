namespace Vox.Chat.ChatLogs;

/// <summary>The mark of a conversation under a registration, and an end of the log from before the mark was asked for.</summary>
public sealed record LogMark(WriterRegistration Registration, ChatLogTail KnownEnd);
