namespace Vox.Portal.Usage;

/// <param name="Users">At the end of the day, as charged; absent for days that are not charged yet.</param>
/// <param name="StorageBytes">The same for storage.</param>
/// <param name="UserCharge">What the users cost.</param>
/// <param name="StorageCharge">What the storage costs.</param>
/// <param name="Charge">Both together.</param>
public sealed record UsageDayResponse(
    string Day, long Messages, int ActiveUsers, int? Users, long? StorageBytes, decimal UserCharge, decimal StorageCharge, decimal Charge);

/// <param name="Users">Now.</param>
/// <param name="StorageBytes">Now: messages and files.</param>
/// <param name="UserCharge">What the users cost on these days.</param>
/// <param name="StorageCharge">What the storage cost on these days.</param>
/// <param name="Charge">Both together.</param>
public sealed record UsageResponse(
    string From, string To, string Currency, IReadOnlyList<UsageDayResponse> Days, long Messages, int Users, long StorageBytes,
    decimal UserCharge, decimal StorageCharge, decimal Charge, decimal Balance);

/// <param name="Time">UTC.</param>
/// <param name="Group">Empty for a message between two users.</param>
/// <param name="File">The name of the file; empty if the message is not a file.</param>
/// <param name="FileAddress">
/// Where the file is, on this server. It opens as long as the file is stored. Absent if the message is not a file.
/// </param>
/// <param name="Erased">True when the text is gone, because the message was erased or deleted for everyone. Else absent.</param>
/// <param name="Deleted">True when the message was deleted for everyone. Else absent.</param>
/// <param name="EditedAt">When the text was changed last, in UTC; it is the new text. Absent when it never was.</param>
public sealed record UsageHistoryRow(
    string From, string To, string Group, string Data, string File, string? FileAddress, DateTimeOffset Time, bool? Erased = null,
    bool? Deleted = null, DateTimeOffset? EditedAt = null)
{
    /// <summary>The conversation's id. With <see cref="Sequence"/> it names the message.</summary>
    public required string Conversation { get; init; }

    /// <summary>The message's number in its conversation.</summary>
    public required long Sequence { get; init; }

    /// <summary>What has happened to the message, as the CSV file says it: edited, deleted, erased, or nothing.</summary>
    internal string Change => Deleted == true ? "deleted" : Erased == true ? "erased" : EditedAt is null ? "" : "edited";
}

/// <param name="More">Whether there is a next page.</param>
public sealed record UsageHistoryPage(IReadOnlyList<UsageHistoryRow> Rows, bool More);

/// <param name="WrittenAt">UTC.</param>
public sealed record EarlierText(string Data, DateTimeOffset WrittenAt);

/// <param name="Texts">Oldest first, at most ten. Empty when none was kept, or the message was deleted or erased.</param>
public sealed record EarlierTexts(IReadOnlyList<EarlierText> Texts);
