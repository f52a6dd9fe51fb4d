using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text.Json;
using Microsoft.Playwright;

namespace Vox.Tests.Fixture;

/// <summary>A page with the SDK, and the things that an app does with it.</summary>
public sealed class ChatPage : IAsyncDisposable
{
    public const string Callback = "$cb";

    private readonly List<string> console = [];
    private string token = "";

    private ChatPage(IPage page, Uri app) => (Page, App) = (page, app);

    public IPage Page { get; }

    public Uri App { get; }

    /// <summary>Calls of the API, in order, such as <c>POST /api/v1/messages</c>; preflights are not counted.</summary>
    public List<string> Requests { get; } = [];

    public List<string> Errors { get; } = [];

    public static async Task<ChatPage> OpenAsync(IBrowserContext context, Uri app, string? html = null)
    {
        var page = await context.NewPageAsync();
        var chat = new ChatPage(page, app);
        page.Request += (_, request) =>
        {
            var path = new Uri(request.Url).AbsolutePath;
            if (request.Method != "OPTIONS"
                && (path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/client/", StringComparison.Ordinal)))
            {
                chat.Requests.Add($"{request.Method} {path}");
            }
        };
        page.Request += (_, request) => chat.token = request.Headers.TryGetValue("authorization", out var bearer)
            ? bearer["Bearer ".Length..]
            : chat.token;
        page.PageError += (_, error) => chat.Errors.Add(error);
        page.Console += (_, message) => chat.console.Add(message.Text);
        page.Response += (_, response) => chat.console.Add($"{response.Status} {response.Request.Method} {response.Url}");
        await page.RouteAsync(
            "**/sdk-test.html", route => route.FulfillAsync(new() { ContentType = "text/html", Body = html ?? Resource("page.html") }));
        await page.GotoAsync(new Uri(app, "/sdk-test.html").ToString());
        return chat;
    }

    public static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        return new StreamReader(stream).ReadToEnd();
    }

    /// <summary>Initializes and logs in. Afterwards the callback has answered 200.</summary>
    public async Task LogInAsync(TestUser user)
    {
        Assert.Equal(200, (await CallAsync("initialize", new { appId = user.Project.Id }, Callback)).Code);
        Assert.Equal(200, (await CallAsync("login", user.LoginId, user.Password)).Code);
    }

    /// <summary>Waits until the access token that the page used last is refused.</summary>
    public async Task SessionEndedAsync(VoxApp app)
    {
        var session = new TestSession(app, token, "", "", "");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        for (var ended = false; !ended; await Task.Delay(50, limit.Token))
        {
            using var response = await session.GetConversationsAsync();
            ended = response.StatusCode == HttpStatusCode.Unauthorized;
        }
    }

    /// <summary>Waits until the live connection is there.</summary>
    public Task WaitUntilLiveAsync() => WaitForAsync("CS.connectionState === 1");

    /// <summary>Calls a method of <c>CS</c>, with a callback as the last argument unless <see cref="Callback"/> says where.</summary>
    public async Task<CallbackAnswer> CallAsync(string method, params object?[] values)
    {
        return new CallbackAnswer(await JsonAsync("call(argument[0], argument[1])", new object[] { method, values }));
    }

    public Task<T> EvaluateAsync<T>(string script, object? argument = null) => Page.EvaluateAsync<T>(script, argument);

    public Task EvaluateAsync(string script, object? argument = null) => Page.EvaluateAsync(script, argument);

    public async Task WaitForAsync(string condition, int seconds = 30)
    {
        try
        {
            await Page.WaitForFunctionAsync(condition, null, new() { Timeout = seconds * 1_000, PollingInterval = 20 });
        }
        catch (TimeoutException)
        {
            Assert.Fail(
                $"Not within {seconds} s: {condition}. Events: {(await EventsAsync())} Errors: "
                + $"{string.Join('\n', Errors)}\n{string.Join('\n', console.TakeLast(40))}");
        }
    }

    public async Task<JsonElement> EventsAsync(string? type = null) =>
        await JsonAsync("events.filter(e => !argument || e.type === argument)", type);

    /// <summary>The value of an expression, without what Playwright adds to objects.</summary>
    public async Task<JsonElement> JsonAsync(string expression, object? argument = null)
    {
        try
        {
            // Without a limit, a promise that is never settled would block forever.
            return JsonSerializer.Deserialize<JsonElement>(
                await Page.EvaluateAsync<string>($"async argument => JSON.stringify(await ({expression}))", argument)
                    .WaitAsync(TimeSpan.FromMinutes(2)));
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException(
                $"Not within 2 min: {expression}. Errors: {string.Join('\n', Errors)}\n{string.Join('\n', console.TakeLast(40))}", e);
        }
    }

    /// <summary>Waits for the first event of the type whose payload fits the condition.</summary>
    /// <param name="condition">JavaScript over <c>p</c>, the payload.</param>
    public async Task<JsonElement> WaitForEventAsync(string type, string condition = "true", int seconds = 30)
    {
        var find = $"events.find(e => e.type === '{type}' && (p => {condition})(e.payload))";
        await WaitForAsync(find, seconds);
        return (await JsonAsync(find)).GetProperty("payload");
    }

    /// <summary>Waits for at least that many events of the type.</summary>
    public Task WaitForEventsAsync(string type, int count, int seconds = 30) =>
        WaitForAsync($"events.filter(e => e.type === '{type}').length >= {count}", seconds);

    /// <summary>Payloads of all events of the type, once nothing new has come for a moment.</summary>
    public async Task<List<JsonElement>> SettledAsync(string type, int quietMilliseconds = 500)
    {
        var (count, since) = (-1, Stopwatch.StartNew());
        while (since.ElapsedMilliseconds < quietMilliseconds)
        {
            var now = (await EventsAsync()).GetArrayLength();
            if (now != count)
            {
                (count, since) = (now, Stopwatch.StartNew());
            }

            await Task.Delay(50);
        }

        return [.. (await EventsAsync(type)).EnumerateArray().Select(e => e.GetProperty("payload"))];
    }

    public Task ReloadAsync() => Page.ReloadAsync();

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}

/// <summary>What a callback was called with, and what the method returned.</summary>
public sealed record CallbackAnswer(JsonElement Json)
{
    public int Code => Json.GetProperty("code").ValueKind == JsonValueKind.String
        ? int.Parse(Json.GetProperty("code").GetString()!, System.Globalization.CultureInfo.InvariantCulture)
        : Json.GetProperty("code").GetInt32();

    public bool IsCodeNumber => Json.GetProperty("code").ValueKind == JsonValueKind.Number;

    public JsonElement Resp => Json.GetProperty("resp");

    public string Phrase => Resp.GetString()!;

    public JsonElement Returned => Json.GetProperty("returned");

    /// <summary>Whether the callback was called before the method had returned.</summary>
    public bool Inside => Json.GetProperty("inside").GetBoolean();
}
