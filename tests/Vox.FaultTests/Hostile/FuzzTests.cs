using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Vox.Tests.Fixture;
using Vox.Tests.Portal;

namespace Vox.Tests.Hostile;

/// <summary>Requests to every endpoint that are almost right, and some that are completely wrong.</summary>
public sealed partial class FuzzTests(Backends backends, PortalApp portal) : IClassFixture<PortalApp>
{
    /// <summary>
    /// How much the working set may grow after the first hundreds of requests. Memory that grows with the requests would be far beyond
    /// this.
    /// </summary>
    private const long MaxGrowth = 250_000_000;

    private const int RenewEvery = 200;
    private const int AtOnce = 8;
    private const int MaxFindings = 20;

    /// <summary>A build shares its machine with other tests, so the limit is higher there.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(TestRun.IsLong ? 5 : 30);

    private static readonly string[] Settings =
    [
        "Billing:Sandbox=true", "Portal:CaptchaWork=1000", "Portal:RequestsPerHour=10000", "Limits:ProjectPerSecond=1000000",
        "Limits:ProjectBurst=1000000",
        "Limits:WrongPasswordsPerMinute=10000",
        "Logging:LogLevel:Default=Information", "Logging:LogLevel:Microsoft=Information", "Logging:LogLevel:Vox=Trace",
    ];

    private static readonly string[] Last =
    [
        "LogOut", "PortalSignOut", "LeaveGroup", "DeleteGroup", "RemoveGroupMember", "ChangePassword", "RotateToken", "DeleteProject",
        "DeleteProjectUser", "SetUserStatus", "ResetUserPassword",
        "RefreshSession", "CancelUpload",
    ];

    private readonly ConcurrentDictionary<string, string> findings = new(StringComparer.Ordinal);

    private static int Requests => TestRun.IsLong ? 205_000 : 800;

    [Fact]
    [Promise("VOX-H1")]
    public async Task EveryEndpoint_MutatedRequests_No500NoHangNoGrowthAndNoSecretInTheLog()
    {
        var random = TestRun.Random();
        var mail = Directory.CreateTempSubdirectory("vox-fuzz-mail-").FullName;
        await using var process = await VoxProcess.StartAsync(backends, portal.App.TablePrefix, [.. Settings, "Mail:Folder=" + mail]);
        using var world = new FuzzWorld(portal.App, portal);
        await world.RenewAsync();
        foreach (var file in Corpus.Files)
        {
            await TryAsync(process, world, Corpus.Read(file, world), Path.GetFileName(file));
        }

        var statuses = new SortedDictionary<int, int>();
        var (answered, memory, slowest, watch) = (new HashSet<string>(), 0L, TimeSpan.Zero, Stopwatch.StartNew());
        for (var sent = 0; sent < Requests;)
        {
            if (sent > 0 && !await world.IsWholeAsync())
            {
                await world.RenewAsync();
            }

            // Requests that end the session or the group come last.
            var batch = Enumerable.Range(0, RenewEvery).Select(n => Endpoint.All[(sent + n) % Endpoint.All.Count])
                .OrderBy(endpoint => Last.Contains(endpoint.Function))
                .Select(endpoint => (Endpoint: endpoint, Request: Make(world, endpoint, random))).ToList();
            await Parallel.ForEachAsync(batch, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (item, _) =>
            {
                var answer = await TryAsync(process, world, item.Request, item.Endpoint.ToString());
                lock (statuses)
                {
                    statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
                    slowest = answer.Took > slowest ? answer.Took : slowest;
                    if (answer.Status is >= 200 and < 300)
                    {
                        answered.Add(item.Endpoint.ToString());
                    }
                }
            });
            sent += batch.Count;
            if (memory == 0 && sent >= Math.Min(2_000, Requests / 2))
            {
                memory = process.Memory;
            }
        }

        var grown = process.Memory - memory;
        var summary = $"{statuses.Values.Sum()} requests to {Endpoint.All.Count} endpoints in {watch.Elapsed.TotalSeconds:F0} s, "
            + $"{answered.Count} of them took some; "
            + $"{string.Join(", ", statuses.Select(s => $"{s.Key}: {s.Value}"))}; slowest {slowest.TotalMilliseconds:F0} ms; "
            + $"memory {memory >> 20} MB, then {process.Memory >> 20} MB";
        TestRun.Note(summary);
        Console.WriteLine($"Fuzz: {summary}, seed {TestRun.Seed}");
        Assert.True(
            findings.IsEmpty,
            $"VOX_SEED={TestRun.Seed}; " + string.Join("\n\n", findings.Select(finding => $"{finding.Key}: {finding.Value}")));
        Assert.InRange(grown, long.MinValue, MaxGrowth);

        Assert.True(statuses.GetValueOrDefault(0) < Requests / 20, "Too many connections ended without an answer.");

        // If hardly any request is accepted, only the first checks are tested.
        Assert.True(answered.Count > Endpoint.All.Count / 3, $"Only {answered.Count} endpoints ever took a request.");

        var log = await process.KillAndReadLogAsync();
        Assert.Contains("refused", log, StringComparison.Ordinal);
        var shown = world.Secrets.Where(secret => log.Contains(secret, StringComparison.Ordinal)).ToList();
        Assert.True(shown.Count == 0, $"The log shows {string.Join(", ", shown.Select(s => $"{s}: {Around(log, s)}").Take(3))}");
        Directory.Delete(mail, recursive: true);
    }

    private static byte[] Make(FuzzWorld world, Endpoint endpoint, DeterministicRandom random)
    {
        var (request, body) = world.Good(endpoint, random);
        var mutations = random.Next(0, 4);
        for (var n = 0; n < mutations && body is not null; n++)
        {
            if (random.OneIn(2))
            {
                Mutations.Apply(body, random);
            }
        }

        if (body is not null)
        {
            request.Body = Encoding.UTF8.GetBytes(body.ToJsonString());
        }

        if (random.OneIn(3) && request.Target.Split('/') is { Length: > 3 } parts && endpoint.Route.Contains('{', StringComparison.Ordinal))
        {
            parts[random.Next(2, parts.Length)] = Uri.EscapeDataString(random.Of(Mutations.Texts));
            request.Target = string.Join('/', parts);
        }

        if (random.OneIn(3) && request.Target.Split('?') is [var path, var query])
        {
            var pairs = query.Split('&');
            var at = random.Next(0, pairs.Length);
            pairs[at] = pairs[at].Split('=')[0] + "=" + Uri.EscapeDataString(random.Of(Mutations.Texts));
            request.Target = $"{path}?{string.Join('&', pairs)}";
        }

        for (var n = 0; n < mutations; n++)
        {
            if (random.OneIn(3))
            {
                Mutations.Apply(request, random);
            }
        }

        return Encoding.Latin1.GetBytes(request.ToText());
    }

    private async Task<RawAnswer> TryAsync(VoxProcess process, FuzzWorld world, byte[] request, string what)
    {
        var answer = await RawAnswer.OfAsync(process.Address, request);
        for (var again = 0; again < 3 && answer.Took > Slow; again++)
        {
            // Either the machine is busy, or the request hangs. A hanging request is slow every time.
            answer = await RawAnswer.OfAsync(process.Address, request);
        }

        if (answer.Took > Slow)
        {
            Fail("took " + answer.Took);
        }

        if (answer.Status >= 500 && !IsAllowed(request, answer))
        {
            Fail($"answered {answer.Status}");
        }

        if (answer.Body.Contains("   at ", StringComparison.Ordinal)
            || answer.Body.Contains("Exception", StringComparison.Ordinal)
                && !Encoding.Latin1.GetString(request).Contains("Exception", StringComparison.Ordinal))
        {
            Fail("shows its inside");
        }

        if (Secret().Matches(answer.Body).Select(match => match.Value)
            .FirstOrDefault(found => found != world.Values.ByName["data"]) is { } shown)
        {
            Fail($"shows {shown}, a password or what is another project's");
        }

        if (answer.Head.Contains("X-Injected", StringComparison.OrdinalIgnoreCase))
        {
            Fail("takes over a header");
        }

        return answer;

        void Fail(string why)
        {
            if (findings.Count < MaxFindings)
            {
                findings.TryAdd(
                    $"{what} {why}",
                    $"{Corpus.Write(request, world)}\n{Around(Encoding.Latin1.GetString(request), "")}\n\n{Around(answer.Text, "")}");
            }
        }
    }

    /// <summary>
    /// A 503 with a code that says so, or the platform's own 500 when negotiate lacks what its binding needs (docs/api.md).
    /// </summary>
    private static bool IsAllowed(byte[] request, RawAnswer answer)
    {
        if (answer.Status == 501)
        {
            // Kestrel's own answer to a transfer encoding that it does not know.
            return true;
        }

        if (answer.Status == 503)
        {
            return answer.Body.Contains("\"mail_unavailable\"", StringComparison.Ordinal)
                || answer.Body.Contains("\"busy\"", StringComparison.Ordinal);
        }

        var target = Encoding.Latin1.GetString(request).Split(' ', 3)[1];
        return target.Contains("realtime/negotiate", StringComparison.OrdinalIgnoreCase)
            && !QueryHelpers.ParseQuery(target.Split('?', 2).ElementAtOrDefault(1)).ContainsKey("u");
    }

    private static string Around(string text, string what)
    {
        var at = what.Length == 0 ? 200 : text.IndexOf(what, StringComparison.Ordinal);
        var from = Math.Max(0, at - 200);
        return text[from..Math.Min(text.Length, from + 900)];
    }

    /// <summary>Passwords and texts of the worlds that were made for this test.</summary>
    [GeneratedRegex("(?:secret|marker)[0-9a-f]{32}")]
    private static partial Regex Secret();
}
