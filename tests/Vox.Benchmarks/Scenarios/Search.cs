using System.Globalization;
using System.Text.Json;
using Vox.Benchmarks.Load;
using Vox.Benchmarks.Runner;
using Vox.Benchmarks.Stack;
using Vox.Tests.Fixture;

namespace Vox.Benchmarks.Scenarios;

/// <summary>Searches of one user in a project, as it grows. Words are as frequent as in a language: the n-th has the share 1/n.</summary>
internal sealed class Search : IScenario
{
    private const int Words = 20_000;
    private const int WordsOfMessage = 10;
    private const int AtOnce = 100;

    private readonly double[] shares = Shares();

    public string Name => "search";

    public string What =>
        "first pages of searches as messages grow, and what a message adds to the index; --sizes 10000,50000 --reads 10 --users 200";

    public string[] Short => ["--sizes", "5000", "--reads", "5"];

    public async Task RunAsync(Options options, Report report)
    {
        var (reads, users) = (options.Number("--reads", 10), options.Number("--users", 200));
        report.Note(
            $"GET /api/v1/search by one of {users} users, median of {reads} reads of 20 each. Messages of {WordsOfMessage} words out of ",
            $"{Words:N0}, each to one of ten others. Times grow with Azurite's tables; requests and rows are what counts.");
        var table = report.Table("Messages", "Query", "Found", "ms", "Storage requests", "Rows read");
        var growth = report.Table("Messages", "Storage requests a message, with the index", "Messages a second");
        await using var stack = await VoxStack.StartAsync([AppRole.CountRows, "--Messages:MaxWaiting=10000"]);
        var project = await stack.CreateProjectAsync();
        await stack.App.AskAsync($"search {project.Id}");
        var people = await project.CreatePeopleAsync("s", users);
        var filled = 0;
        foreach (var size in options.Numbers("--sizes", 10_000, 50_000))
        {
            var (usage, began) = (await stack.UsageAsync(), TimeProvider.System.GetTimestamp());
            await FillAsync(people, filled, size);
            await stack.SettleAsync();
            var used = (await stack.UsageAsync()).Since(usage);
            report.Row(
                growth, size, (double)used.App.Requests / (size - filled),
                (size - filled) / TimeProvider.System.GetElapsedTime(began).TotalSeconds);
            filled = size;
            foreach (var (name, query) in new[]
            {
                ("a word of every message", "all"),
                ("a common word", Word(3)),
                ("two common words", $"{Word(2)} {Word(5)}"),
                ("a word of one message in thousands", Word(900)),
                ("a word that is unique", "unique7"),
                ("a beginning", "unique7*"),
                ("none", "nothing"),
            })
            {
                var found = 0;
                var reading = await Reading.OfAsync(stack, reads, async _ => found = Count(
                    await people[7].GetAsync("/api/v1/search?q=" + Uri.EscapeDataString(query))));
                report.Row(table, size, name, found, reading.Milliseconds, reading.Requests, reading.Rows);
            }
        }
    }

    private static int Count(byte[] page)
    {
        using var json = JsonDocument.Parse(page);
        return json.RootElement.GetProperty("hits").GetArrayLength();
    }

    private Task FillAsync(Person[] people, int from, int to) => Parallel.ForAsync(
        from, to, new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
        async (i, stop) =>
        {
            var random = new DeterministicRandom(i);
            var sender = i % people.Length;
            var text = string.Join(' ', Enumerable.Range(0, WordsOfMessage - 2).Select(_ => Word(Draw(random)))) + $" all unique{i}";
            while (true)
            {
                var (status, answer) = await people[sender].TrySendAsync(
                    people[(sender + 1 + random.Next(0, 10)) % people.Length].Name, $"s{i}", text);
                switch (status)
                {
                    case >= 200 and < 300:
                        return;
                    case 429 or 503:
                        await Task.Delay(TimeSpan.FromSeconds(1), stop);
                        break;
                    default:
                        throw new InvalidOperationException($"Message {i}: {status} {answer}");
                }
            }
        });

    private int Draw(DeterministicRandom random)
    {
        var place = Array.BinarySearch(shares, random.Next(0, 1_000_000) / 1e6);
        return Math.Min(Words, (place < 0 ? ~place : place) + 1);
    }

    /// <summary>Of letters only, so that it is one word.</summary>
    private static string Word(int number) => "w" + string.Concat(
        number.ToString(CultureInfo.InvariantCulture).Select(digit => (char)('a' + digit - '0')));

    private static double[] Shares()
    {
        var (sums, sum) = (new double[Words], 0.0);
        for (var i = 0; i < Words; i++)
        {
            sums[i] = sum += 1.0 / (i + 1);
        }

        return [.. sums.Select(part => part / sum)];
    }
}
