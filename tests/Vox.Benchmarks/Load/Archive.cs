namespace Vox.Benchmarks.Load;

/// <summary>Fills conversations: many sends at once, which the app combines into few transactions.</summary>
internal static class Archive
{
    private const int AtOnce = 300;

    /// <summary>Each of the writers in turn sends to the next one. A writer who is told to try again shortly does so.</summary>
    public static Task FillAsync(Person[] people, int from, int to) => Parallel.ForAsync(
        from, to, new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
        async (i, stop) =>
        {
            var (writer, reader) = (people[i % (people.Length - 1)], people[(i % (people.Length - 1)) + 1]);
            while (true)
            {
                var (status, answer) = await writer.TrySendAsync(reader.Name, $"s{i}", $"message {i} {new string('x', 80)}");
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
}
