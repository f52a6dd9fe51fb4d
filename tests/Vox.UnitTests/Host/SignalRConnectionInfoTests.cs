using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Vox.Tests.Host;

public sealed class SignalRConnectionInfoTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Negotiate_WithAUserInTheQuery_GivesAnHourOfAccessToThatUser()
    {
        await using var app = await HostedApp.StartAsync(Builder());

        var (status, body) = await app.GetAsync("/negotiate?u=p%3A%20%C3%BC%2F%2B");

        Assert.Equal(HttpStatusCode.OK, status);
        var info = JsonSerializer.Deserialize<Dictionary<string, string>>(body)!;
        Assert.Equal("http://localhost:8888/client/?hub=chat", info["url"]);
        var token = new JsonWebToken(info["accessToken"]);
        Assert.Equal(("HS256", true), (token.Alg, token.Kid.Length > 0));
        Assert.Equal("http://localhost/client/?hub=chat", Assert.Single(token.Audiences));
        Assert.Equal("p: ü/+", token.GetClaim("asrs.s.uid").Value);
        Assert.Equal(
            (Now.UtcDateTime, Now.UtcDateTime, Now.UtcDateTime.AddSeconds(3600)),
            (token.IssuedAt, token.ValidFrom, token.ValidTo));
        var signed = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(FakeSignalRService.AccessKey)),
            ValidateAudience = false,
            ValidateIssuer = false,
            ValidateLifetime = false,
        });
        Assert.True(signed.IsValid, signed.Exception?.Message);
    }

    [Fact]
    public async Task Negotiate_WithAUserInAHeader_TakesIt()
    {
        await using var app = await HostedApp.StartAsync(Builder());
        app.Client.DefaultRequestHeaders.Add("x-user", "alice");

        var (_, body) = await app.GetAsync("/negotiatebyheader");

        Assert.Equal("alice", new JsonWebToken(body).GetClaim("asrs.s.uid").Value);
    }

    [Theory]
    [InlineData("/negotiate")]
    [InlineData("/negotiatebyheader")]
    public async Task Negotiate_WithoutTheUser_Is500BeforeAnyMiddlewareOrFunctionRuns(string path)
    {
        var builder = Builder();
        builder.Services.AddSingleton<Seen>();
        builder.UseMiddleware<Seeing>();
        await using var app = await HostedApp.StartAsync(builder);

        Assert.Equal((HttpStatusCode.InternalServerError, ""), await app.GetAsync(path));
        Assert.False(app.Services.GetRequiredService<Seen>().Anything);
    }

    [Fact]
    public async Task Negotiate_WithoutAConnectionString_Is500AndTheRestWorks()
    {
        await using var app = await HostedApp.StartAsync(typeof(Functions));

        Assert.Equal((HttpStatusCode.InternalServerError, ""), await app.GetAsync("/negotiate?u=alice"));
        Assert.Equal((HttpStatusCode.OK, "rest"), await app.GetAsync("/rest"));
    }

    private static FunctionsApplicationBuilder Builder()
    {
        var builder = HostedApp.Builder(typeof(Functions));
        builder.Configuration["AzureSignalRConnectionString"] =
            $"Endpoint=http://localhost;Port=8888;AccessKey={FakeSignalRService.AccessKey};Version=1.0;";
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now));
        return builder;
    }

    public sealed class Functions
    {
        [Function("Negotiate")]
        public IActionResult Negotiate(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request,
            [SignalRConnectionInfoInput(HubName = "Chat", UserId = "{query.u}")] SignalRConnectionInfo info) => new JsonResult(info);

        [Function("NegotiateByHeader")]
        public IActionResult ByHeader(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request,
            [SignalRConnectionInfoInput(HubName = "Chat", UserId = "{headers.x-user}")] SignalRConnectionInfo info) =>
            new ContentResult { Content = info.AccessToken };

        [Function("Rest")]
        public IActionResult Rest([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
            => new ContentResult { Content = "rest" };
    }

    internal sealed class Seen
    {
        public bool Anything { get; set; }
    }

    internal sealed class Seeing(Seen seen) : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            seen.Anything = true;
            return next(context);
        }
    }
}
