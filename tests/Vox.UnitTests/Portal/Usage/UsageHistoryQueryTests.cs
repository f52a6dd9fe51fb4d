using Vox.Chat.ChatLogs;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Usage;

namespace Vox.Tests.Portal;

public sealed class UsageHistoryQueryTests
{
    private const string Group = "gQaog1fAaiHrxEJOX7hZABc";

    [Fact]
    public void ToFilter_NameOfAGroup_IsLookedForAsAName() => Assert.Equal(
        new ChatLogFilter("ann", "bob", 1, 2, "Friends"), new UsageHistoryQuery("ann", "bob", "Friends", 1, 2).ToFilter());

    [Theory]
    [InlineData(null)]
    [InlineData(Group)]
    public void ToFilter_IdOfAGroup_IsTheRecipient(string? to) =>
        Assert.Equal(new ChatLogFilter("ann", Group), new UsageHistoryQuery("ann", to, Group, null, null).ToFilter());

    [Fact]
    public void ToFilter_IdOfAGroupAndAnotherRecipient_FindsWhatIsBoth() => Assert.Equal(
        new ChatLogFilter(null, "bob", Group: Group), new UsageHistoryQuery(null, "bob", Group, null, null).ToFilter());

    [Fact]
    public void ToFilter_StartAfterEnd_IsRefused() => Assert.Equal(
        "start", Assert.Throws<VoxException>(() => new UsageHistoryQuery(null, null, null, 2, 1).ToFilter()).Field);
}
