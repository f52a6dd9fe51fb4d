using Vox.Chat.Projects;

namespace Vox.Tests.Projects;

public sealed class ServicePlacementTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 3_000).Select(i => $"pid_{i}")];

    [Fact]
    public void Choose_ThreeServices_GetAThirdEach()
    {
        var shares = Keys.CountBy(key => ServicePlacement.Choose(key, [0, 1, 2])).Select(share => share.Value).ToList();

        Assert.Equal(3, shares.Count);
        Assert.All(shares, share => Assert.InRange(share, 900, 1_100));
    }

    [Fact]
    public void Choose_OneServiceMore_TakesItsShareAndMovesNothingElse()
    {
        var moved = Keys.Where(key => ServicePlacement.Choose(key, [0, 1, 2, 3]) != ServicePlacement.Choose(key, [0, 1, 2])).ToList();

        Assert.InRange(moved.Count, 650, 850);
        Assert.All(moved, key => Assert.Equal(3, ServicePlacement.Choose(key, [0, 1, 2, 3])));
    }

    [Fact]
    public void HomeOf_WhileMoving_ChangesAtTheSwitch()
    {
        var at = new DateTimeOffset(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);
        var moving = new ServicePlacement([1]) { Before = [0], SwitchesAt = at };

        Assert.Equal(0, moving.HomeOf("pid_1:aalice:uid", at.AddTicks(-1)));
        Assert.Equal(1, moving.HomeOf("pid_1:aalice:uid", at));
        Assert.Equal([1, 0], moving.HomesOf("pid_1:aalice:uid"));
        Assert.Equal([1, 0], moving.Serving);
    }

    [Fact]
    public void HomesOf_SpreadOverMore_IsOneForThoseWhoStay()
    {
        var moving = new ServicePlacement([0, 1]) { Before = [0] };
        var homes = Keys.Select(key => moving.HomesOf(key + ":aalice:uid")).ToList();

        Assert.All(homes, home => Assert.True(home is [0] or [1, 0]));
        Assert.InRange(homes.Count(home => home.Count == 1), 1_350, 1_650);
    }

    [Fact]
    public void Within_ServiceTakenOut_IsWhatIsLeftOrAnother()
    {
        Assert.Equal([2], new ServicePlacement([1, 2]).Within([0, 2], "pid_1").Now);
        Assert.Contains(new ServicePlacement([1]).Within([0, 2], "pid_1").Now.Single(), (IEnumerable<int>)[0, 2]);
        var back = new ServicePlacement([2]) { Before = [1] }.Within([0, 2], "pid_1");
        Assert.Equal([2], back.Now);
        Assert.False(back.IsMoving);
    }

    [Fact]
    public void Text_OfSeveral_IsReadAsWritten()
    {
        Assert.Equal("0 12", ServicePlacement.ToText([0, 12]));
        Assert.Equal([0, 12], ServicePlacement.Parse("0 12"));
        Assert.Empty(ServicePlacement.Parse(null));
    }
}
