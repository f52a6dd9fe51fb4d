using System.Net;
using System.Text.Json;
using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Vox.Platform.Mail;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;

namespace Vox.Tests.Mail;

/// <summary>E-mail by Azure Communication Services: a server of the test's own stands in for them.</summary>
public sealed class AzureMailTests(Backends backends)
{
    private static readonly MailMessage Message = new("ada@example.com", "Welcome", "Follow the link", "<p>Follow the link</p>");

    [Fact]
    public async Task Mail_WithAnEndpoint_IsHandedOverWithTheAppsIdentity()
    {
        await using var service = await MailService.StartAsync();
        await using var app = await StartAsync(service);

        await app.Get<MailSender>().SendAsync(Message, TestContext.Current.CancellationToken);

        var (path, authorization, body) = Assert.Single(service.Requests);
        Assert.Equal("/emails:send?api-version=2023-03-31", path);
        Assert.Equal("Bearer token-for-https://communication.azure.com/.default", authorization);
        Assert.Equal("DoNotReply@example.azurecomm.net", body.GetProperty("senderAddress").GetString());
        Assert.Equal("ada@example.com", body.GetProperty("recipients").GetProperty("to")[0].GetProperty("address").GetString());
        var content = body.GetProperty("content");
        Assert.Equal("Welcome", content.GetProperty("subject").GetString());
        Assert.Equal("Follow the link", content.GetProperty("plainText").GetString());
        Assert.Equal("<p>Follow the link</p>", content.GetProperty("html").GetString());
        Assert.True(body.GetProperty("userEngagementTrackingDisabled").GetBoolean());
    }

    [Fact]
    public async Task Mail_TheServiceRefuses_WaitsAndIsSentLater()
    {
        await using var service = await MailService.StartAsync();
        service.Status = HttpStatusCode.TooManyRequests;
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await StartAsync(service, clock);
        var failed = await Assert.ThrowsAsync<HttpRequestException>(
            () => app.Get<MailSender>().SendAsync(Message, TestContext.Current.CancellationToken));
        Assert.DoesNotContain("ada@example.com", failed.ToString(), StringComparison.Ordinal);

        await app.Get<MailOutbox>().SendAsync(Message, TestContext.Current.CancellationToken);
        await app.Get<MailOutbox>().StopAsync(TestContext.Current.CancellationToken);
        Assert.Single(await WaitingAsync(app));

        service.Status = HttpStatusCode.Accepted;
        clock.Advance(TimeSpan.FromMinutes(5));
        await app.Get<MailOutbox>().ResumeAsync(TestContext.Current.CancellationToken);

        Assert.Empty(await WaitingAsync(app));
    }

    private static async Task<IReadOnlyList<Azure.Data.Tables.TableEntity>> WaitingAsync(VoxApp app) =>
        [.. await app.Get<StorageClients>().Table("mail").QueryAsync(
            $"PartitionKey eq {Keys.PendingMail}", 10, TestContext.Current.CancellationToken)];

    private Task<VoxApp> StartAsync(MailService service, TimeProvider? clock = null) => VoxApp.StartAsync(
        backends, ["Mail:Endpoint=" + service.Address, "Mail:From=Vox <DoNotReply@example.azurecomm.net>"], builder =>
        {
            builder.Services.AddSingleton(new Vox.Platform.Security.EntraTokens(new Identity()));
            if (clock is not null)
            {
                builder.Services.AddSingleton(clock);
            }
        });

    private sealed class Identity : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new("token-for-" + requestContext.Scopes[0], DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }

    private sealed class MailService : IAsyncDisposable
    {
        private OutsideService service = null!;

        public string Address => service.Address;

        public HttpStatusCode Status { get; set; } = HttpStatusCode.Accepted;

        public List<(string Path, string? Authorization, JsonElement Body)> Requests { get; } = [];

        public static async Task<MailService> StartAsync()
        {
            var mail = new MailService();
            mail.service = await OutsideService.StartAsync(async http =>
            {
                mail.Requests.Add((
                    http.Request.Path + http.Request.QueryString, http.Request.Headers.Authorization,
                    await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body)));
                http.Response.StatusCode = (int)mail.Status;
            });
            return mail;
        }

        public ValueTask DisposeAsync() => service.DisposeAsync();
    }
}
