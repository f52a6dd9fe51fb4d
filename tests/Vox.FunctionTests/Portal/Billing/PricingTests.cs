using MiniExcelLibs;
using Vox.Portal.Billing;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

public sealed class PricingTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public void Pricing_Spreadsheet_FiguresGiveTheChargeThatIsBooked()
    {
        var prices = portal.App.Get<PriceList>();
        using var stream = new MemoryStream(prices.Spreadsheet("Shop", new DateOnly(2026, 1, 1), []));
        var rows = stream.Query(useHeaderRow: true, sheetName: "Pricing").Cast<IDictionary<string, object>>().ToList();
        const int Users = 12_345;
        decimal month = 0;
        foreach (var row in rows.Where(row => (string)row["Item"] == "Users"))
        {
            var from = Math.Max(1, Convert.ToInt32(row["From"]));
            var to = row["To"] is string ? Users : Math.Min(Users, Convert.ToInt32(row["To"]));
            month += Math.Max(0, to - from + 1)
                * Convert.ToDecimal(row.Single(cell => cell.Key.StartsWith("Price", StringComparison.Ordinal)).Value);
        }

        Assert.Equal(Math.Round(month / 30, 4), prices.ChargeOf(new DateOnly(2026, 1, 1), Users, 0).Total);
        Assert.Equal(475.35m, month);
    }

    [Fact]
    public async Task Pricing_Download_IsAWorkbook()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(client);
        using var response = await client.SendAsync(HttpMethod.Get, $"projects/{project}/pricing.xlsx");
        Assert.Equal("PK"u8.ToArray(), (await response.Content.ReadAsByteArrayAsync())[..2]);
        Assert.Equal("vox-pricing.xlsx", response.Content.Headers.ContentDisposition?.FileName);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 3)]
    [InlineData(10, 27)]
    public void Monthly_UnitsOfEachTier_CostWhatItSays(int units, int price) =>
        Assert.Equal(price, PriceList.Monthly(units, [new PriceTier(1, 0), new PriceTier(null, 3)]));
}
