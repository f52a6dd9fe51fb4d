namespace Vox.Chat.ChatLogs;

/// <summary>The guide's answer to <c>getchathistory</c> (table 29).</summary>
internal sealed record ChatHistoryResponse(ChatHistoryData Data);

/// <param name="Message">A message that was edited has its new text. One that was deleted for everyone is left out.</param>
/// <param name="Deleted">Only when <c>deleted</c> is 1: ids of the messages that were left out, newest first.</param>
internal sealed record ChatHistoryData(IReadOnlyList<ChatHistoryMessage> Message, IReadOnlyList<string>? Deleted = null);

/// <param name="Messagetime">UTC, <c>yyyy-MM-dd HH:mm:ss</c>.</param>
/// <param name="Groupname">Empty between two users.</param>
internal sealed record ChatHistoryMessage(string Srcnumber, string Dstnumber, string Data, string Messagetime, string Groupname);
