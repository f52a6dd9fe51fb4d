using System.Text.Json;
using Vox.Portal.Billing;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

public sealed class InvoiceTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task Payments_ManyAtOnceAndRepeated_HaveOneInvoiceEachNumberedWithoutGaps()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(client);
        var ids = new List<string>();
        for (var i = 1; i <= 6; i++)
        {
            ids.Add((await client.PostJsonAsync($"projects/{project}/payments", new { amount = 10 + i, agreed = true, key = "k" + i }))
                .GetProperty("paymentId").GetString()!);
        }

        await Task.WhenAll(ids.Concat(ids)
            .Select(id => client.DoAsync(HttpMethod.Post, $"projects/{project}/payments/{id}/sandbox", new { paid = true })));

        var invoices = (await client.GetAsync($"projects/{project}/invoices")).GetProperty("invoices").EnumerateArray().ToList();
        Assert.Equal([6, 5, 4, 3, 2, 1], invoices.Select(i => i.GetProperty("number").GetInt32()));
        Assert.Equal(
            ids.Order(StringComparer.Ordinal), invoices.Select(i => i.GetProperty("reference").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(81, invoices.Sum(i => i.GetProperty("amount").GetDecimal()));
        var first = await client.GetAsync($"projects/{project}/invoices/1");
        Assert.Equal(project[4..12].ToUpperInvariant() + "-000001", first.GetProperty("head").GetProperty("id").GetString());
        Assert.Equal(("Ada Lovelace", "Analytical Engines", client.Email), Party(first.GetProperty("buyer")));
        Assert.Equal("Vox", first.GetProperty("seller").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Invoice_SomebodyElsesUnknownOrNoNumber_IsNotFound()
    {
        using var client = await portal.NewDeveloperAsync();
        var mine = await AccessTests.NewProjectAsync(client);
        var other = await AccessTests.NewProjectAsync(client, "Other");
        using var stranger = await portal.NewDeveloperAsync();
        await PayAsync(client, mine);
        await client.GetAsync($"projects/{mine}/invoices/1");

        Assert.Equal((404, "not_found"), await client.RefusedAsync(HttpMethod.Get, $"projects/{other}/invoices/1"));
        Assert.Equal((404, "project_not_found"), await stranger.RefusedAsync(HttpMethod.Get, $"projects/{mine}/invoices/1"));
        foreach (var number in (string[])["0", "2", "-1", "1e0", "x", "99999999999999999999"])
        {
            Assert.Equal((404, "not_found"), await client.RefusedAsync(HttpMethod.Get, $"projects/{mine}/invoices/{number}"));
        }
    }

    [Promise("VOX-B2")]
    [Fact]
    public async Task Statement_MonthOver_HoldsWhatWasChargedAndNeverChanges()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(
            clock, settings: ["Billing:UserPrices=*:3", "Billing:SellerName=Vox GmbH", "Billing:SellerAddress=Main Street 1;Berlin"]);
        using var client = await portal.NewDeveloperAsync(app);
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(app, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        await project.CreateUserAsync("a");
        await PayAsync(client, project.Id);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var next = new DateOnly(today.Year, today.Month, 1).AddMonths(1);
        var billing = app.Get<BillingService>();
        clock.Advance(next.ToDateTime(TimeOnly.MinValue) - clock.GetUtcNow().UtcDateTime + TimeSpan.FromMinutes(10));

        await Task.WhenAll(billing.ChargeAllAsync(CancellationToken.None), billing.ChargeAllAsync(CancellationToken.None));
        await billing.ChargeAllAsync(CancellationToken.None);

        await client.SignInAsync();
        var list = (await client.GetAsync($"projects/{project.Id}/invoices")).GetProperty("invoices").EnumerateArray().ToList();
        Assert.Equal(["statement", "payment"], list.Select(i => i.GetProperty("kind").GetString()));
        Assert.Equal($"{today:yyyy-MM}", list[0].GetProperty("period").GetString());
        var before = await client.GetAsync($"projects/{project.Id}/invoices/2");
        var lines = before.GetProperty("lines").EnumerateArray().ToList();
        Assert.Equal(
            Enumerable.Range(0, next.DayNumber - today.DayNumber).Select(i => $"{today.AddDays(i):yyyy-MM-dd}"),
            lines.Select(l => l.GetProperty("item").GetString()));
        Assert.All(
            lines, line => Assert.Equal((1, 0.1m), (line.GetProperty("users").GetInt32(), line.GetProperty("userCharge").GetDecimal())));
        var credits = await client.GetAsync($"projects/{project.Id}/credits");
        Assert.Equal(
            -credits.GetProperty("entries").EnumerateArray()
                .Where(e => e.GetProperty("kind").GetString() == "charge").Sum(e => e.GetProperty("amount").GetDecimal()),
            list[0].GetProperty("amount").GetDecimal());
        Assert.Equal("Main Street 1;Berlin", before.GetProperty("seller").GetProperty("address").GetString());

        // The buyer moves, the project is renamed, another month begins: the document stays as it was.
        await client.DoAsync(HttpMethod.Put, $"projects/{project.Id}/name", new { name = "Renamed" });
        clock.Advance(TimeSpan.FromDays(40));
        await billing.ChargeAllAsync(CancellationToken.None);
        await client.SignInAsync();
        Assert.Equal(before.GetRawText(), (await client.GetAsync($"projects/{project.Id}/invoices/2")).GetRawText());
        var third = await client.GetAsync($"projects/{project.Id}/invoices/3");
        Assert.Equal($"{next:yyyy-MM}", third.GetProperty("head").GetProperty("period").GetString());
        Assert.Equal("Renamed", third.GetProperty("project").GetString());
    }

    [Promise("VOX-B2")]
    [Fact]
    public async Task Charge_NotedBeforeALongStopAndNotBooked_IsBookedLater()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock, settings: ["Billing:UserPrices=*:3"]);
        var project = await app.CreateProjectAsync();
        await project.CreateUserAsync("a");
        var day = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        // The state that a run leaves when it ends between its two steps.
        await app.Get<LedgerStore>().TryNoteChargeAsync(project.Id, new Charge(day, 7, 0, 0.7m, 0), CancellationToken.None);
        clock.Advance(TimeSpan.FromDays(10));

        await app.Get<BillingService>().ChargeAllAsync(CancellationToken.None);

        Assert.Equal(
            -(0.7m + (9 * 0.1m)), await app.Get<LedgerStore>().BalanceAsync(project.Id, CancellationToken.None) / LedgerStore.Scale);
    }

    private static async Task PayAsync(PortalClient client, string project)
    {
        var id = (await client.PostJsonAsync($"projects/{project}/payments", new { amount = 50, agreed = true, key = "k" }))
            .GetProperty("paymentId").GetString();
        await client.DoAsync(HttpMethod.Post, $"projects/{project}/payments/{id}/sandbox", new { paid = true });
    }

    private static (string?, string?, string?) Party(JsonElement party) =>
        (party.GetProperty("name").GetString(), party.GetProperty("company").GetString(), party.GetProperty("email").GetString());
}
