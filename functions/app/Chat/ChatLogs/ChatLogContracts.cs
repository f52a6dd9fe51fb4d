namespace Vox.Chat.ChatLogs;

/// <summary>The guide's answer to <c>getchathistory</c> (table 29).</summary>
internal sealed record ChatHistoryResponse(ChatHistoryData Data);

internal sealed record ChatHistoryData(IReadOnlyList<ChatHistoryMessage> Message);

/// <param name="Messagetime">UTC, <c>yyyy-MM-dd HH:mm:ss</c>.</param>
/// <param name="Groupname">Empty between two users.</param>
internal sealed record ChatHistoryMessage(string Srcnumber, string Dstnumber, string Data, string Messagetime, string Groupname);
