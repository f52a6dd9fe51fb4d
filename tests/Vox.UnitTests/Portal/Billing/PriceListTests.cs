using System.Globalization;
using Microsoft.Extensions.Options;
using Vox.Portal.Billing;

namespace Vox.Tests.Portal;

public sealed class PriceListTests
{
    private static readonly DateOnly Day = new(2026, 11, 30);

    private readonly PriceList prices = new(
        Options.Create(new BillingOptions { UserPrices = "100:0 1000:0.05 *:0.03", StoragePrices = "*:0.5" }));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(100, "0")]
    [InlineData(101, "0.05")]
    [InlineData(1_000, "45")]
    [InlineData(1_001, "45.03")]
    public void Monthly_EachUnit_CostsWhatItsOwnTierSays(int users, string expected) =>
        Assert.Equal(
            decimal.Parse(expected, CultureInfo.InvariantCulture),
            PriceList.Monthly(users, BillingOptions.Parse("100:0 1000:0.05 *:0.03")));

    [Fact]
    public void Monthly_OneMore_IsNeverCheaper()
    {
        var tiers = BillingOptions.Parse("10:2 20:1 *:0.5");
        Assert.All(Enumerable.Range(0, 40), n => Assert.True(PriceList.Monthly(n + 1, tiers) > PriceList.Monthly(n, tiers)));
    }

    [Fact]
    public void ChargeOf_Day_IsAThirtiethRoundedToFourDecimals() =>
        Assert.Equal(new Charge(Day, 1_000, 1_500_000_000, 1.5m, 0.025m), prices.ChargeOf(Day, 1_000, 1_500_000_000));

    [Fact]
    public void On_ProjectWithItsOwnRates_HasThemFromTheirDayOn()
    {
        RateChange[] changes = [new(Day, "*:1", null), new(Day.AddDays(10), null, null)];

        Assert.Equal((false, null), (prices.On(Day.AddDays(-1), changes).Custom, prices.On(Day.AddDays(-1), changes).Since));
        Assert.Equal((true, Day), (prices.On(Day, changes).Custom, prices.On(Day, changes).Since));
        Assert.Equal([new PriceTier(null, 1)], prices.On(Day.AddDays(9), changes).Users);
        Assert.Equal([new PriceTier(null, 0.5m)], prices.On(Day.AddDays(9), changes).Storage);
        Assert.False(prices.On(Day.AddDays(10), changes).Custom);
    }

    [Theory]
    [InlineData("USD", "50", 5_000, 2)]
    [InlineData("JPY", "50", 50, 0)]
    [InlineData("KWD", "50.12", 50_120, 2)]
    [InlineData("ISK", "50", 5_000, 0)]
    public void CurrencyUnits_Amount_IsAsStripeCounts(string currency, string amount, long expected, int decimals)
    {
        Assert.Equal(expected, CurrencyUnits.Of(decimal.Parse(amount, CultureInfo.InvariantCulture), currency));
        Assert.Equal(decimals, CurrencyUnits.Decimals(currency));
    }
}
