using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Vox.Portal.Billing;
using Vox.Tests.Fixture;

namespace Vox.Tests.Portal;

/// <summary>Credits are given for money that was paid, and for nothing else.</summary>
public sealed class PaymentTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private const string Secret = "whsec_test";

    [Promise("VOX-B1")]
    [Fact]
    public async Task Payment_NobodySetUpPayments_IsRefusedAndGivesNoCredits()
    {
        await using var app = await portal.StartAsync(settings: ["Billing:Sandbox="]);
        using var client = await portal.NewDeveloperAsync(app);
        var project = await AccessTests.NewProjectAsync(client);

        Assert.Equal(
            (409, "payments_not_set_up"),
            await client.RefusedAsync(HttpMethod.Post, $"projects/{project}/payments", new { amount = 10_000, agreed = true, key = "k" }));
        // Not either for a payment from the time when there was a sandbox.
        await AddAsync(app, project, 10_000, "USD", "sandbox");
        Assert.Equal(
            (404, "not_found"), await client.RefusedAsync(HttpMethod.Post, $"projects/{project}/payments/p1/sandbox", new { paid = true }));
        var credits = await client.GetAsync($"projects/{project}/credits");
        Assert.Equal(("none", 0), (credits.GetProperty("gateway").GetString(), credits.GetProperty("balance").GetDecimal()));
    }

    [Fact]
    public async Task Payment_StripeAndSandboxAreSet_StripeTakesTheMoney()
    {
        await using var app = await StripeAsync("USD", null, "Billing:Sandbox=true");
        Assert.Equal("stripe", app.Get<IPaymentGateway>().Name);
    }

    [Promise("VOX-B1")]
    [Theory]
    [InlineData("USD", 50, 5_000)]
    [InlineData("JPY", 50, 50)]
    [InlineData("KWD", 50, 50_000)]
    [InlineData("ISK", 50, 5_000)]
    public async Task StripeWebhook_PaidOtherThanAsked_GivesNoCreditsUntilItIsRight(string currency, int amount, long units)
    {
        var clock = PortalApp.Clock();
        await using var app = await StripeAsync(currency, clock);
        using var client = await portal.NewDeveloperAsync(app);
        var project = await AccessTests.NewProjectAsync(client);
        await AddAsync(app, project, amount, currency, "stripe");

        foreach (var (wrongUnits, wrongCurrency) in ((long?, string?)[])[
            (units, "EUR"), (units, null), (units - 1, currency), (units + 1, currency), (units * 100, currency), (units / 100, currency),
            (null, currency)])
        {
            Assert.Equal(HttpStatusCode.BadRequest, await ReportAsync(client, clock, project, wrongUnits, wrongCurrency));
        }

        Assert.Equal(0, await BalanceAsync(app, project));
        Assert.Equal(HttpStatusCode.NoContent, await ReportAsync(client, clock, project, units, currency));
        Assert.Equal(HttpStatusCode.NoContent, await ReportAsync(client, clock, project, units, currency));
        Assert.Equal(amount, await BalanceAsync(app, project));
    }

    [Fact]
    public async Task StripeWebhook_ServersCurrencyWasChangedMeanwhile_GivesNoCredits()
    {
        var clock = PortalApp.Clock();
        await using var app = await StripeAsync("USD", clock);
        using var client = await portal.NewDeveloperAsync(app);
        var project = await AccessTests.NewProjectAsync(client);
        await AddAsync(app, project, 5_000, "JPY", "stripe");

        Assert.Equal(HttpStatusCode.BadRequest, await ReportAsync(client, clock, project, 5_000, "JPY"));
        Assert.Equal(0, await BalanceAsync(app, project));
    }

    [Fact]
    public async Task Payment_OfYenWithDecimals_IsRefused()
    {
        await using var app = await portal.StartAsync(settings: ["Billing:Currency=JPY"]);
        using var client = await portal.NewDeveloperAsync(app);
        var project = await AccessTests.NewProjectAsync(client);
        Assert.Equal(
            (400, "invalid_field"),
            await client.RefusedAsync(HttpMethod.Post, $"projects/{project}/payments", new { amount = 50.5m, agreed = true, key = "k" }));
        Assert.Equal(0, (await client.GetAsync($"projects/{project}/credits")).GetProperty("decimals").GetInt32());
    }

    [Fact]
    public async Task Payment_MadeAlready_CannotBeBegunAgain()
    {
        using var client = await portal.NewDeveloperAsync();
        var project = await AccessTests.NewProjectAsync(client);
        var begin = new { amount = 50m, agreed = true, key = "visit-1" };
        var id = (await client.PostJsonAsync($"projects/{project}/payments", begin)).GetProperty("paymentId").GetString();
        await client.DoAsync(HttpMethod.Post, $"projects/{project}/payments/{id}/sandbox", new { paid = true });

        Assert.Equal((409, "edit_conflict"), await client.RefusedAsync(HttpMethod.Post, $"projects/{project}/payments", begin));
    }

    [Theory]
    [InlineData("USD", "10.25", 1_025)]
    [InlineData("JPY", "1000", 1_000)]
    [InlineData("KRW", "50000", 50_000)]
    [InlineData("VND", "100000", 100_000)]
    [InlineData("KWD", "5.12", 5_120)]
    [InlineData("BHD", "5.1", 5_100)]
    [InlineData("ISK", "5", 500)]
    [InlineData("UGX", "5", 500)]
    [InlineData("HUF", "10.45", 1_045)]
    public void StripeCheckout_EachCurrency_AsksForItsSmallestUnits(string currency, string amount, long units)
    {
        var payment = new Payment("pid_x", "p1", decimal.Parse(amount), currency, "open", "dev@example.com", default, "stripe");
        var price = StripeGateway.NewSession(payment, "Shop", "https://example.com/").LineItems.Single().PriceData;
        Assert.Equal((units, currency.ToLowerInvariant()), (price.UnitAmount, price.Currency));
    }

    private Task<VoxApp> StripeAsync(string currency, FakeTimeProvider? clock, params string[] more) => portal.StartAsync(
        clock,
        settings: ["Billing:StripeKey=sk_test_x", "Billing:StripeWebhookSecret=" + Secret, "Billing:Currency=" + currency, .. more]);

    private static Task AddAsync(VoxApp app, string project, decimal amount, string currency, string gateway) =>
        app.Get<PaymentStore>().TryAddAsync(
            new Payment(project, "p1", amount, currency, "open", "dev@example.com", TimeProvider.System.GetUtcNow(), gateway),
            CancellationToken.None);

    private static async Task<decimal> BalanceAsync(VoxApp app, string project) =>
        await app.Get<LedgerStore>().BalanceAsync(project, CancellationToken.None) / LedgerStore.Scale;

    /// <summary>What Stripe reports, signed.</summary>
    private static async Task<HttpStatusCode> ReportAsync(
        PortalClient client, TimeProvider clock, string project, long? units, string? currency)
    {
        var paid = (units is null ? "" : $",\"amount_total\":{units}")
            + (currency is null ? "" : $",\"currency\":\"{currency.ToLowerInvariant()}\"");
        var body =
            $$$"""{"id":"evt_1","object":"event","api_version":"2025-01-01","created":1,"livemode":false,"type":"checkout.session.completed","data":{"object":{"id":"cs_1","object":"checkout.session","payment_status":"paid","client_reference_id":"{{{project}}}/p1"{{{paid}}}} } }""";
        var at = clock.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, "webhooks/stripe")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json")
        };
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{at}.{body}"));
        request.Headers.TryAddWithoutValidation("Stripe-Signature", $"t={at},v1={Convert.ToHexStringLower(signature)}");
        using var response = await client.Http.SendAsync(request);
        return response.StatusCode;
    }
}
