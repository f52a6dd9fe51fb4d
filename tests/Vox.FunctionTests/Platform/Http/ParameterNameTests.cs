using System.Text;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Http;

/// <summary>
/// The host offers route values, query parameters and the properties of a JSON body in the same way: by name, to any parameter of a
/// function.
/// </summary>
public sealed class ParameterNameTests(Backends backends, PortalApp portal) : IClassFixture<PortalApp>
{
    private static readonly string[] Names =
        [.. AppFunction.All.SelectMany(f => f.Method.GetParameters())
            .Select(p => p.Name!).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];

    /// <summary>A parameter of any other kind would be read from the query.</summary>
    [Fact]
    public void Parameters_AreBindingsRouteValuesOrTheToken() => Assert.All(AppFunction.All, function =>
        Assert.All(function.Method.GetParameters(), parameter => Assert.True(
            parameter.ParameterType == typeof(CancellationToken)
            || parameter.GetCustomAttributes(typeof(BindingAttribute), inherit: true).Length == 1
            || (parameter.ParameterType == typeof(string)
                && function.RouteValues.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase)),
            $"{function.Name}: {parameter.Name}")));

    [Fact]
    public void Names_HoldTheTokenAndTheTriggers() => Assert.All(
        ["cancellationToken", "request", "context", "timer", "projectId"], name => Assert.Contains(name, Names));

    [Fact]
    public async Task EveryFunction_QueryNamedLikeParameters_DoesNotFail()
    {
        var query = "?u=x&" + string.Join('&', Names.Select(name => name + "=7"));
        foreach (var function in AppFunction.OfHttp)
        {
            using var response = await backends.App.Http.SendAsync(
                new HttpRequestMessage(new HttpMethod(function.Http!.Methods![0].ToUpperInvariant()), function.Path + query));

            Assert.True(
                (int)response.StatusCode < 500, $"{function}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"x\"")]
    [InlineData("""{"isCancellationRequested":true}""")]
    public async Task EveryFunction_JsonNamedLikeParameters_DoesNotFail(string value)
    {
        var body = "{" + string.Join(',', Names.Select(name => $"\"{name}\":{value}")) + "}";
        foreach (var function in AppFunction.OfHttp)
        {
            using var request = new HttpRequestMessage(
                new HttpMethod(function.Http!.Methods![0].ToUpperInvariant()), function.Path + "?u=x")
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
            using var response = await backends.App.Http.SendAsync(request);

            Assert.True(
                (int)response.StatusCode < 500, $"{function}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>The host ignores the case of names, and the worker takes each name only once.</summary>
    [Fact]
    public async Task Json_PropertiesThatDifferOnlyInCase_DoNotFail() =>
        await backends.App.PostRawAsync("/api/v1/sessions?a=1&A=2", """{"cancellationToken":1,"CANCELLATIONTOKEN":2,"a":1,"A":2}""")
            .ProblemAsync("missing_field");

    [Fact]
    public async Task SendMessage_WithATokenInQueryAndBody_IsSent()
    {
        var session = await (await (await backends.App.CreateProjectAsync()).CreateUserAsync("alice")).LogInAsync();

        var sent = await session.PostJsonAsync(
            "/api/v1/messages?cancellationToken=true",
            new { to = "alice", data = "Hello", cancellationToken = new { isCancellationRequested = true } });

        Assert.NotEmpty(sent.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task RouteValue_WithQueryAndBodyOfThatName_Wins()
    {
        using var client = await portal.NewDeveloperAsync();
        var id = (await client.PostJsonAsync("projects", new { name = "First" })).GetProperty("projectId").GetString();
        var other = (await client.PostJsonAsync("projects", new { name = "Other" })).GetProperty("projectId").GetString();

        await client.DoAsync(
            HttpMethod.Put, $"projects/{id}/name?projectId={other}&PROJECTID={other}", new { name = "Renamed", projectId = other });

        Assert.Equal("Renamed", (await client.GetAsync($"projects/{id}?projectId={other}")).GetProperty("name").GetString());
        Assert.Equal("Other", (await client.GetAsync($"projects/{other}?projectId={id}")).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("/demo/", "?path=config.json")]
    [InlineData("/portal", "?path=nothing.js")]
    [InlineData("/js/calmsdk.mjs", "?file=calmsdk-001.js")]
    public async Task RouteValue_AlsoAnAbsentOne_WinsOverTheQuery(string path, string query)
    {
        var plain = await backends.App.Http.GetAsync(path).TextAsync();

        Assert.Equal(plain, await backends.App.Http.GetAsync(path + query).TextAsync());
    }
}
