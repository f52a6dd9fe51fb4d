using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MiniExcelLibs;
using Vox.Portal.Billing;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

public sealed class RateTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Rates_OfOneProject_AreChargedFromTheirDayOnAlsoWhenTheTimerIsLate()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock, settings: ["Billing:UserPrices=*:3", "Billing:StoragePrices=*:0"]);
        using var client = await portal.NewDeveloperAsync(app);
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(app, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        var other = await app.CreateProjectAsync();
        await project.CreateUserAsync("a");
        await other.CreateUserAsync("a");
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        await SetAsync(app, project.Id, new { from = Text(today.AddDays(2)), userPrices = "*:6" });
        await SetAsync(app, project.Id, new { from = Text(today.AddDays(4)) });

        // The timer was down during the time of both changes.
        clock.Advance(TimeSpan.FromDays(6));
        await app.Get<BillingService>().ChargeAllAsync(CancellationToken.None);

        var charges = await app.Get<LedgerStore>().ChargesAsync(project.Id, today, today.AddDays(5), CancellationToken.None);
        Assert.Equal([0.1m, 0.1m, 0.2m, 0.2m, 0.1m, 0.1m], charges.Select(c => c.Total));
        charges = await app.Get<LedgerStore>().ChargesAsync(other.Id, today, today.AddDays(5), CancellationToken.None);
        Assert.All(charges, charge => Assert.Equal(0.1m, charge.Total));
    }

    [Fact]
    public async Task Rates_SetByAnOperator_AreInTheSpreadsheetOnThePageAndInTheAuditLog()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock);
        using var client = await portal.NewDeveloperAsync(app);
        var project = await AccessTests.NewProjectAsync(client);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var prices = await client.GetAsync($"projects/{project}/pricing");
        Assert.False(prices.GetProperty("now").GetProperty("custom").GetBoolean());
        Assert.Empty(prices.GetProperty("later").EnumerateArray());

        await SetAsync(app, project, new { from = Text(today), userPrices = "500:0 *:0.02" });
        await SetAsync(app, project, new { from = Text(today.AddDays(9)), userPrices = "*:0.01", storagePrices = "*:0.2" });

        prices = await client.GetAsync($"projects/{project}/pricing");
        var now = prices.GetProperty("now");
        Assert.True(now.GetProperty("custom").GetBoolean());
        Assert.Equal(0.02m, now.GetProperty("users")[1].GetProperty("price").GetDecimal());
        Assert.Equal(500, now.GetProperty("users")[0].GetProperty("upTo").GetInt32());
        Assert.Equal(Text(today.AddDays(9)), prices.GetProperty("later")[0].GetProperty("since").GetString());

        // The spreadsheet's figures are those that are charged.
        using var response = await client.SendAsync(HttpMethod.Get, $"projects/{project}/pricing.xlsx");
        using var stream = new MemoryStream(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(["Pricing", "From " + Text(today.AddDays(9)), "Notes"], stream.GetSheetNames());
        Assert.Equal([0m, 0.02m], UserPrices(stream, "Pricing"));
        Assert.Equal([0.01m], UserPrices(stream, "From " + Text(today.AddDays(9))));
        var changes = await app.Get<RateStore>().ReadAsync(project, CancellationToken.None);
        Assert.Equal(Math.Round(500 * 0.02m / 30, 4), app.Get<PriceList>().ChargeOf(today, 1_000, 0, changes).Total);
        Assert.Contains(
            (await client.GetAsync($"projects/{project}/audit")).GetProperty("entries").EnumerateArray(),
            entry => entry.GetProperty("action").GetString() == "rates.changed" && entry.GetProperty("who").GetString() == "operator");

        using var removed = await SendAsync(app, HttpMethod.Delete, project, null, query: "?from=" + Text(today.AddDays(9)));
        Assert.Single(
            JsonSerializer.Deserialize<JsonElement>(await removed.Content.ReadAsStringAsync()).GetProperty("changes").EnumerateArray());
    }

    [Fact]
    public async Task Rates_WithoutTheMasterKeyOrWithBadInput_AreRefused()
    {
        var project = await portal.App.CreateProjectAsync();
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var good = new { from = Text(today.AddDays(1)), userPrices = "*:1" };
        foreach (var key in (string?[])[null, "", "wrong", "local-function-key"])
        {
            using var response = await SendAsync(portal.App, HttpMethod.Put, project.Id, good, key);
            Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden]);
        }

        foreach (var (body, code) in ((object, string)[])
        [
            (new { userPrices = "*:1" }, "missing_field"),
            (new { from = Text(today.AddDays(-1)), userPrices = "*:1" }, "invalid_field"),
            (new { from = "tomorrow", userPrices = "*:1" }, "invalid_field"),
            (new { from = good.from, userPrices = "free" }, "invalid_field"),
            (new { from = good.from, userPrices = "100:1" }, "invalid_field"),
            (new { from = good.from, userPrices = "100:1 50:2 *:3" }, "invalid_field"),
            (new { from = good.from, userPrices = "*:-1" }, "invalid_field"),
            (new { from = good.from, storagePrices = new string('1', 600) }, "invalid_field"),
        ])
        {
            await SendAsync(portal.App, HttpMethod.Put, project.Id, body).ProblemAsync(code);
        }

        await SendAsync(portal.App, HttpMethod.Put, "pid_unknown", good).ProblemAsync("project_not_found");
        Assert.Empty(await portal.App.Get<RateStore>().ReadAsync(project.Id, CancellationToken.None));
    }

    private static IEnumerable<decimal> UserPrices(Stream workbook, string sheet) =>
        workbook.Query(useHeaderRow: true, sheetName: sheet).Cast<IDictionary<string, object>>()
            .Where(row => (string)row["Item"] == "Users")
            .Select(row => Convert.ToDecimal(row.Single(cell => cell.Key.StartsWith("Price", StringComparison.Ordinal)).Value));

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd");

    private static async Task SetAsync(VoxApp app, string project, object body)
    {
        using var response = await SendAsync(app, HttpMethod.Put, project, body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> SendAsync(
        VoxApp app, HttpMethod method, string project, object? body, string? key = "local-master-key", string query = "")
    {
        using var request = new HttpRequestMessage(method, $"/api/operator/v1/projects/{project}/rates{query}")
        {
            Content = body is null ? null : JsonContent.Create(body)
        };
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        return await app.Http.SendAsync(request);
    }
}
