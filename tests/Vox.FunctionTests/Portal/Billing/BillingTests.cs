using System.Net;
using System.Security.Cryptography;
using System.Text;
using Vox.Portal.Billing;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

public sealed class BillingTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private static readonly string[] Prices = ["Billing:UserPrices=1:0 *:3"];

    [Fact]
    public async Task Payment_Sandbox_AddsCreditsOnceHoweverOftenItIsPressed()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(client);
        var begin = new { amount = 50.25m, agreed = true, key = "visit-1" };
        var started = await Task.WhenAll(
            client.PostJsonAsync($"projects/{project}/payments", begin), client.PostJsonAsync($"projects/{project}/payments", begin));
        var id = Assert.Single(started.Select(s => s.GetProperty("paymentId").GetString()).Distinct());

        await Task.WhenAll(Enumerable.Range(0, 5)
            .Select(_ => client.DoAsync(HttpMethod.Post, $"projects/{project}/payments/{id}/sandbox", new { paid = true })));

        var credits = await client.GetAsync($"projects/{project}/credits");
        Assert.Equal(50.25m, credits.GetProperty("balance").GetDecimal());
        Assert.Equal(50.25m, Assert.Single(credits.GetProperty("entries").EnumerateArray()).GetProperty("amount").GetDecimal());
        var lines = await portal.App.Get<LedgerStore>().AllLinesAsync(project, CancellationToken.None);
        Assert.Equal((2, 0), (lines.Count, lines.Sum(line => line.Amount)));
    }

    [Theory]
    [InlineData("0", true, "invalid_field")]
    [InlineData("-5", true, "invalid_field")]
    [InlineData("4.99", true, "invalid_field")]
    [InlineData("10.001", true, "invalid_field")]
    [InlineData("100000", true, "invalid_field")]
    [InlineData("50", false, "terms_not_accepted")]
    public async Task Payment_BadAmountOrNotAgreed_IsRefused(string amount, bool agreed, string code)
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(client);
        Assert.Equal(
            (400, code),
            await client.RefusedAsync(
                HttpMethod.Post, $"projects/{project}/payments", new { amount = decimal.Parse(amount), agreed, key = "k" }));
    }

    [Fact]
    public async Task Payment_OfAnotherProject_IsNotFound()
    {
        using var client = await portal.NewDeveloperAsync();
        var mine = await AccessTests.NewProjectAsync(client);
        var other = await AccessTests.NewProjectAsync(client, "Other");
        var id = (await client.PostJsonAsync($"projects/{mine}/payments", new { amount = 50, agreed = true, key = "k" }))
            .GetProperty("paymentId").GetString();

        Assert.Equal(
            (404, "not_found"), await client.RefusedAsync(HttpMethod.Post, $"projects/{other}/payments/{id}/sandbox", new { paid = true }));
    }

    [Fact]
    public async Task Charge_TimerDownForAWeekThenRunTwiceAtOnce_EveryDayIsChargedOnce()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock, settings: Prices);
        using var client = await portal.NewDeveloperAsync(app);
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(app, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        foreach (var name in (string[])["a", "b", "c"])
        {
            await project.CreateUserAsync(name);
        }

        var billing = app.Get<BillingService>();
        await billing.ChargeAllAsync(CancellationToken.None);
        Assert.Equal(0, await app.Get<LedgerStore>().BalanceAsync(project.Id, CancellationToken.None));

        clock.Advance(TimeSpan.FromDays(7));
        await Task.WhenAll(
            billing.ChargeAllAsync(CancellationToken.None),
            billing.ChargeAllAsync(CancellationToken.None),
            billing.ChargeAllAsync(CancellationToken.None));
        await billing.ChargeAllAsync(CancellationToken.None);

        // Two users above the free one cost 3 per user and month, a 30th of that per day, for seven days.
        Assert.Equal(-1.4m, await app.Get<LedgerStore>().BalanceAsync(project.Id, CancellationToken.None) / LedgerStore.Scale);
        var lines = await app.Get<LedgerStore>().AllLinesAsync(project.Id, CancellationToken.None);
        Assert.Equal((14, 0), (lines.Count, lines.Sum(line => line.Amount)));
        await portal.MailAsync(client.Email, "running low");
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        await client.SignInAsync();
        var usage = await client.GetAsync($"projects/{project.Id}/usage?from={today.AddDays(-7):yyyy-MM-dd}&to={today:yyyy-MM-dd}");
        Assert.Equal(1.4m, usage.GetProperty("charge").GetDecimal());
    }

    [Fact]
    public async Task LowBalance_ForManyDays_OwnerGetsOneMailUntilItWasToppedUp()
    {
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(clock, settings: ["Billing:UserPrices=*:30", "Billing:LowBalance=5"]);
        using var client = await portal.NewDeveloperAsync(app);
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(app, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        await project.CreateUserAsync("a");
        await ChargeDaysAsync(2);
        await portal.MailAsync(client.Email, "running low");
        await ChargeDaysAsync(3);
        Assert.Single(await portal.MailsAsync(client.Email, "running low"));

        // Topped up to 11. Six days later it is at the limit, and the next day's charge is news again.
        await PayAsync(16);
        await ChargeDaysAsync(6);
        Assert.Equal(5, await BalanceAsync());
        Assert.Single(await portal.MailsAsync(client.Email, "running low"));
        await ChargeDaysAsync(1);
        await portal.MailAsync(client.Email, "running low", 2);
        await ChargeDaysAsync(2);
        // Not enough to be above the limit: nothing new to say.
        await PayAsync(2);
        await ChargeDaysAsync(4);
        Assert.Equal(2, (await portal.MailsAsync(client.Email, "running low")).Count);

        async Task ChargeDaysAsync(int days)
        {
            for (var day = 0; day < days; day++)
            {
                clock.Advance(TimeSpan.FromDays(1));
                await app.Get<BillingService>().ChargeAllAsync(CancellationToken.None);
            }
        }

        Task<long?> PayAsync(decimal amount) => app.Get<LedgerStore>().BookAsync(
            project.Id, Guid.NewGuid().ToString("N"), "payment", "", (long)(amount * LedgerStore.Scale), "gateway:sandbox", null,
            CancellationToken.None);

        async Task<decimal> BalanceAsync() =>
            await app.Get<LedgerStore>().BalanceAsync(project.Id, CancellationToken.None) / LedgerStore.Scale;
    }

    [Fact]
    public async Task Charge_ServerWithoutMail_EveryDayIsChargedInOneRun()
    {
        var clock = PortalApp.Clock();
        var prefix = VoxApp.NewTablePrefix();
        string id;
        // Signing up needs e-mail. This server is gone before there is anything to charge.
        await using (var app = await portal.StartAsync(clock, prefix, "Billing:UserPrices=*:30"))
        {
            using var client = await portal.NewDeveloperAsync(app);
            var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
            id = keys.GetProperty("projectId").GetString()!;
            await new TestProject(app, id, keys.GetProperty("authToken").GetString()!).CreateUserAsync("a");
        }

        clock.Advance(TimeSpan.FromDays(3));
        await using var without = await portal.StartAsync(clock, prefix, "Billing:UserPrices=*:30", "Mail:Folder=");

        await without.Get<BillingService>().ChargeAllAsync(CancellationToken.None);

        Assert.Equal(-3, await without.Get<LedgerStore>().BalanceAsync(id, CancellationToken.None) / LedgerStore.Scale);
    }

    [Fact]
    public async Task Usage_MuchIsStored_SpendSaysWhatIsForStorage()
    {
        var clock = PortalApp.Clock();
        string[] prices = ["Billing:UserPrices=*:3", "Billing:StoragePrices=*:900000"];
        await using var app = await portal.StartAsync(clock, settings: prices);
        using var client = await portal.NewDeveloperAsync(app);
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(app, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        var alice = await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        await alice.SendChatAsync("bob", new string('x', 10_000));
        var day = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        clock.Advance(TimeSpan.FromDays(1));
        await app.Get<BillingService>().ChargeAllAsync(CancellationToken.None);
        await client.SignInAsync();

        var usage = await client.GetAsync($"projects/{project.Id}/usage?from={day:yyyy-MM-dd}&to={day:yyyy-MM-dd}");

        // Two users at 3 in a month, and ten millionths of a gigabyte at 900,000.
        foreach (var figures in (System.Text.Json.JsonElement[])[usage, Assert.Single(usage.GetProperty("days").EnumerateArray())])
        {
            Assert.Equal(
                (0.2m, 0.3m, 0.5m),
                (figures.GetProperty("userCharge").GetDecimal(), figures.GetProperty("storageCharge").GetDecimal(),
                    figures.GetProperty("charge").GetDecimal()));
        }

        var csv = await client.Http.GetStringAsync($"projects/{project.Id}/usage.csv?from={day:yyyy-MM-dd}&to={day:yyyy-MM-dd}");
        Assert.Contains("For storage (USD)", csv, StringComparison.Ordinal);
        Assert.Contains(",10000,0.5000,0.2000,0.3000", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StripeWebhook_ForgedLateOrReplayed_CountsOnceWhenGenuine()
    {
        const string Secret = "whsec_test";
        var clock = PortalApp.Clock();
        await using var app = await portal.StartAsync(
            clock, settings: ["Billing:StripeKey=sk_test_x", "Billing:StripeWebhookSecret=" + Secret]);
        using var client = await portal.NewDeveloperAsync(app);
        var project = await AccessTests.NewProjectAsync(client);
        await app.Get<PaymentStore>().TryAddAsync(
            new Payment(project, "p1", 50, "USD", "open", client.Email, clock.GetUtcNow(), "stripe"), CancellationToken.None);
        var good = Event(5_000);

        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(good, "t=1,v1=00"));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(good, ""));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(good, Sign(good, clock.GetUtcNow(), "whsec_other")));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(good, Sign(good, clock.GetUtcNow().AddMinutes(-6), Secret)));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(Event(100), Sign(Event(100), clock.GetUtcNow(), Secret)));
        Assert.Equal(0, await app.Get<LedgerStore>().BalanceAsync(project, CancellationToken.None));

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.NoContent, await PostAsync(good, Sign(good, clock.GetUtcNow(), Secret)));
        }

        Assert.Equal(50, await app.Get<LedgerStore>().BalanceAsync(project, CancellationToken.None) / LedgerStore.Scale);
        Assert.Equal(
            (404, "not_found"), await client.RefusedAsync(HttpMethod.Post, $"projects/{project}/payments/p1/sandbox", new { paid = true }));

        string Event(int cents) =>
            $$$"""{"id":"evt_1","object":"event","api_version":"2025-01-01","created":1,"livemode":false,"type":"checkout.session.completed","data":{"object":{"id":"cs_1","object":"checkout.session","payment_status":"paid","client_reference_id":"{{{project}}}/p1","amount_total":{{{cents}}},"currency":"usd"} } }""";

        async Task<HttpStatusCode> PostAsync(string body, string signature)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "webhooks/stripe")
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json")
            };
            request.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
            using var response = await client.Http.SendAsync(request);
            return response.StatusCode;
        }

        static string Sign(string body, DateTimeOffset at, string secret) =>
            $"t={at.ToUnixTimeSeconds()},v1={Convert.ToHexStringLower(HMACSHA256.HashData(
                Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{at.ToUnixTimeSeconds()}.{body}")))}";
    }

    [Fact]
    public async Task Usage_MessagesSent_AreCountedByDayWithActiveUsersAndBytes()
    {
        using var client = await portal.NewDeveloperAsync();
        var keys = await client.PostJsonAsync("projects", new { name = "Shop" });
        var project = new TestProject(portal.App, keys.GetProperty("projectId").GetString()!, keys.GetProperty("authToken").GetString()!);
        var alice = await project.CreateUserAsync("alice");
        var bob = await project.CreateUserAsync("bob");
        await alice.SendChatAsync("bob", "12345", "same");
        await alice.SendChatAsync("bob", "12345", "same");
        await bob.SendChatAsync("alice", "é");

        var usage = await client.GetAsync($"projects/{project.Id}/usage");

        var today = usage.GetProperty("days").EnumerateArray().Last();
        Assert.Equal((2, 2), (today.GetProperty("messages").GetInt32(), today.GetProperty("activeUsers").GetInt32()));
        Assert.Equal(7, usage.GetProperty("storageBytes").GetInt64());
        Assert.Equal(2, usage.GetProperty("users").GetInt32());
        var csv = await client.Http.GetStringAsync($"projects/{project.Id}/usage.csv");
        Assert.Contains(today.GetProperty("day").GetString() + ",2,2,", csv, StringComparison.Ordinal);
        Assert.Equal(
            (400, "invalid_field"),
            await client.RefusedAsync(HttpMethod.Get, $"projects/{project.Id}/usage?from=2020-01-01&to=2026-01-01"));
    }
}
