using Vox.Portal.Estimate;
using Vox.Tests.Docs;

namespace Vox.Tests.Portal;

/// <summary>The model of docs/costs.md.</summary>
public sealed class MonthTests
{
    [Theory]
    [InlineData(10_000, 200)]
    [InlineData(1_000_000, 7_500)]
    public void Month_OfTheAdvisedSize_StaysWithinItsTarget(int users, int most) => Assert.InRange(Of(users).Sum, 1, most);

    [Fact]
    public void Message_WithItsReceipts_StaysWithinItsTarget()
    {
        var sum = Bill.Of(CountedOperations.Of(CountedOperations.Message), 1e6)
            + Bill.Of(CountedOperations.Of(CountedOperations.Receipt), 1e6 * ChatHabits.Default.ReceiptsPerMessage);
        Assert.InRange(sum.Sum, 1, 5);
    }

    /// <summary>Units of Standard carry 800 connections each at 80 %; above ten they are sold by tens.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(8_000, 1)]
    [InlineData(8_001, 2)]
    [InlineData(80_000, 10)]
    [InlineData(80_001, 20)]
    [InlineData(800_000, 100)]
    [InlineData(880_001, 120)]
    public void Units_OfStandard_CarryThePeakAtFourFifths(int users, int units) =>
        Assert.Equal(units, Month.Of(users, CountedOperations.All, ChatHabits.Default, new DeploymentSize()).Units);

    [Fact]
    public void Units_ThatFollowTheConnections_AreAtMostThoseOfThePeak() => Assert.All(
        new[] { 1, 10_000, 100_000, 1_000_000 },
        users => Assert.InRange(
            Of(users, new DeploymentSize { Autoscale = true }).Units, 1, Of(users, new DeploymentSize()).Units));

    [Fact]
    public void Month_WithoutUsers_CostsWhatIsAlwaysThere()
    {
        var month = Of(0);
        Assert.Equal(0, month.Messages);
        Assert.Equal(49, month.SignalR);
        Assert.InRange(month.Sum, 49, 120);
    }

    [Fact]
    public void CountedOperations_AreThoseOfTheDocument()
    {
        var page = Repository.Read("docs/costs.md");
        Assert.All(CountedOperations.All, o => Assert.Contains(
            FormattableString.Invariant($"| {o.Name} | {o.Executions:0.##} | {o.StorageRequests:0.##} | {o.SignalRMessages:0.##} |"), page,
            StringComparison.Ordinal));
    }

    private static Month Of(int users, DeploymentSize? size = null) =>
        Month.Of(users, CountedOperations.All, ChatHabits.Default, size ?? DeploymentSize.For(users));
}
