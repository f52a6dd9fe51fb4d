using Vox.Chat.Model;
using Vox.Platform.Storage;

namespace Vox.Tests.Model;

/// <summary>Keys sort in the order that the queries rely on, and have the form that their documentation describes.</summary>
public sealed class KeysTests
{
    private const string Project = "pid_0f8fad5b_d9cb_469f_a165_70867728950e";

    [Fact]
    public void Messages_InKeyOrder_AreNewestFirstBehindTheHeadAndBeforeTheIds()
    {
        long[] sequences = [1, 2, 9, 10, 11, 99, 100, 1_000, 1_000_000, 999_999_999_998];
        var keys = sequences.Reverse().Select(ChatKeys.Message).ToList();

        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
        Assert.All(
            keys,
            key => Assert.True(string.CompareOrdinal(ChatKeys.HeadRow, key) < 0 && string.CompareOrdinal(key, ChatKeys.MessagesEnd) < 0));
        Assert.True(string.CompareOrdinal(ChatKeys.MessagesEnd, ChatKeys.Idempotency("uid", "id")) < 0);
        Assert.Equal("m|999999999998", ChatKeys.Message(1));
    }

    [Fact]
    public void Log_InKeyOrder_IsNewestFirstAcrossBlocks()
    {
        var keys = new long[] { 0, 1, 999, 1_000, 1_999, 2_000, 123_456, 10_000_000 }.Reverse()
            .Select(position => (ChatKeys.LogBlock(Project, position / ChatKeys.LogBlockSize), ChatKeys.LogRow(position))).ToList();

        Assert.Equal(keys.OrderBy(k => k.Item1, StringComparer.Ordinal).ThenBy(k => k.Item2, StringComparer.Ordinal), keys);
        Assert.Equal(Project + "|999999997", ChatKeys.LogBlock(Project, 2));
        Assert.Equal("999999999998", ChatKeys.LogRow(1));
    }

    [Fact]
    public void LogTimes_InKeyOrder_AreOldestFirstAndOutsideTheBlocks()
    {
        Assert.True(string.CompareOrdinal(ChatKeys.LogTime(999, 5), ChatKeys.LogTime(1_000, 0)) < 0);
        Assert.True(string.CompareOrdinal(ChatKeys.LogTime(1_000, 1), ChatKeys.LogTime(1_000, 2)) < 0);
        var (from, to) = Keys.ProjectRange(Project);
        Assert.False(IsBetween(ChatKeys.LogTimes(Project), from, to));
    }

    [Fact]
    public void ProjectRange_HasAllOfTheProjectAndNothingOfAnother()
    {
        var (from, to) = Keys.ProjectRange(Project);

        Assert.All(["", "alice", "~~~~", "zzz", "a/b", "😀"], name => Assert.True(IsBetween(ChatKeys.User(new(Project, name)), from, to)));
        Assert.All(
            [Project + "0", Project + "_", Project[..^1], Project[..^1] + "f"],
            other => Assert.False(IsBetween(ChatKeys.User(new(other, "alice")), from, to)));
        Assert.True(IsBetween(ChatKeys.LogBlock(Project, 0), from, to));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("a|b")]
    [InlineData("a/b\\c#d?e%f 😀")]
    public void LoginIdOf_AUserPartition_IsTheLoginId(string loginId)
        => Assert.Equal(loginId, ChatKeys.LoginIdOf(ChatKeys.User(new(Project, loginId))));

    [Fact]
    public void Conversation_OfTwo_IsTheSameFromBothSidesAndDiffersByUidAndProject()
    {
        var key = ConversationKey.Between(Project, "uid1", "uid2");

        Assert.Equal(key, ConversationKey.Between(Project, "uid2", "uid1"));
        Assert.Matches("^d[A-Za-z0-9_-]{27}$", key.Id);
        Assert.NotEqual(key.Id, ConversationKey.Between(Project, "uid1", "uid3").Id);
        Assert.NotEqual(key.Id, ConversationKey.Between(Project, "uid1", "uid1").Id);
        Assert.NotEqual(key.Partition, ConversationKey.Between(Project + "x", "uid1", "uid2").Partition);
    }

    private static bool IsBetween(string key, string from, string to)
        => string.CompareOrdinal(key, from) >= 0 && string.CompareOrdinal(key, to) < 0;
}
