using System.Text.Json;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Vox.Chat.Model;
using Vox.Tests.Fixture;

namespace Vox.Tests.Conversations;

/// <summary>
/// Several apps on the same tables, each of which remembers only what it wrote itself, as instances do; and two users who write to each
/// other through any of them.
/// </summary>
internal sealed class InstancePair(List<VoxApp> apps, List<RequestLog> requests) : IAsyncDisposable
{
    public TestProject Project { get; private set; } = null!;

    public TestSession Alice { get; private set; } = null!;

    public TestSession Bob { get; private set; } = null!;

    public VoxApp this[int instance] => apps[instance];

    public int Count => apps.Count;

    public static long Sequence(JsonElement sent) => sent.GetProperty("sequence").GetInt64();

    public static string Tip(JsonElement json) => TipOrNull(json) ?? throw new InvalidOperationException($"No tip: {json}");

    public static string? TipOrNull(JsonElement json) => json.TryGetProperty("tip", out var tip) ? tip.GetString() : null;

    public static async Task<InstancePair> StartAsync(
        Backends backends, int instances = 2, TimeProvider? clock = null, params string[] settings)
    {
        var prefix = VoxApp.NewTablePrefix();
        var (apps, requests) = (new List<VoxApp>(), new List<RequestLog>());
        for (var i = 0; i < instances; i++)
        {
            var log = new RequestLog();
            requests.Add(log);
            apps.Add(await VoxApp.StartAsync(
                backends,
                settings,
                configure: builder =>
                {
                    builder.Services.AddSingleton<HttpPipelinePolicy>(log);
                    builder.Services.AddSingleton(clock ?? TimeProvider.System);
                },
                tablePrefix: prefix));
        }

        var project = await apps[0].CreateProjectAsync();
        var (alice, bob) = (await project.CreateUserAsync("alice"), await project.CreateUserAsync("bob"));
        await project.CreateUserAsync("carol");
        return new InstancePair(apps, requests) { Project = project, Alice = await alice.LogInAsync(), Bob = await bob.LogInAsync() };
    }

    /// <summary>One message through each instance, which then knows users, log and conversation.</summary>
    /// <returns>The tip after the last.</returns>
    public async Task<string> WarmAsync()
    {
        JsonElement sent = default;
        for (var i = 0; i < apps.Count; i++)
        {
            sent = await SendAsync(i, Alice, "bob", $"m{i + 1}", null);
            await (Bob with { App = apps[i] }).GetJsonAsync("/api/v1/messages?with=alice");
        }

        return Tip(sent);
    }

    public Task<HttpResponseMessage> PostAsync(
        int instance, TestSession sender, string to, string data, string? tip, bool marksRead = true, string? id = null, bool clear = true)
    {
        if (clear)
        {
            requests[instance].Clear();
        }

        return (sender with { App = apps[instance] }).PostAsync(
            "/api/v1/messages", new { to, data, tip, marksRead, clientMessageId = id });
    }

    public Task<JsonElement> SendAsync(
        int instance, TestSession sender, string to, string data, string? tip, bool marksRead = true, string? id = null,
        bool clear = true) =>
        PostAsync(instance, sender, to, data, tip, marksRead, id, clear).JsonAsync();

    /// <summary>The requests of the last send through an instance on the table of conversations.</summary>
    public string[] Conversations(int instance) => Of(instance, "conversations");

    public ConversationKey Key => ConversationKey.Between(Project.Id, Alice.Identity.Uid, Bob.Identity.Uid);

    public async Task<List<long>> SequencesAsync() =>
        [.. (await Alice.GetJsonAsync("/api/v1/messages?with=bob")).GetProperty("messages").EnumerateArray().Select(Sequence)];

    /// <summary>Forgets the requests so far, of all instances.</summary>
    public void Clear() => requests.ForEach(log => log.Clear());

    /// <summary>
    /// How many requests all instances have made since then, without those that say from time to time that a process is alive.
    /// </summary>
    public int Requests => requests.Sum(log => log.Requests.Count(request => !request.EndsWith(" logwriters", StringComparison.Ordinal)));

    /// <summary>The requests of an instance on one table since then.</summary>
    public string[] Of(int instance, string table) =>
        [.. requests[instance].Requests.Where(request => request.Split(' ')[1] == table)];

    /// <summary>Completes when everything is logged that was sent through the instance.</summary>
    public Task SettleAsync(int instance) => apps[instance].SettleAsync(Project.Id);

    public async Task SettleAsync()
    {
        for (var i = 0; i < apps.Count; i++)
        {
            await SettleAsync(i);
        }
    }

    public async Task<long> UnreadAsync(TestSession session) =>
        (await session.GetJsonAsync("/api/v1/conversations")).GetProperty("conversations")[0].GetProperty("unread").GetInt64();

    public async ValueTask DisposeAsync()
    {
        foreach (var app in apps)
        {
            await app.DisposeAsync();
        }
    }
}
