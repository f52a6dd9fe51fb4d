using FsCheck;
using FsCheck.Fluent;
using Vox.Tests.Fixture;

namespace Vox.Tests.Model;

public sealed class ModelTests(Backends backends)
{
    private static int Histories => TestRun.IsLong ? 600 : 8;

    private static int Steps => TestRun.IsLong ? 120 : 70;

    /// <summary>
    /// Users create accounts, write, reply in threads, repeat messages, change them through two processes, block, make groups, leave and
    /// delete each other. Each answer, and in the end everything that anybody sees, must be the same as in a model in memory. A failing
    /// history is reduced to the steps that are needed.
    /// </summary>
    [Fact]
    [Promise("VOX-M3")]
    public async Task RandomHistories_OfAllThatUsersDo_GoAsInTheModel()
    {
        TestRun.Note($"VOX_SEED={TestRun.Seed}");
        await using var second = await VoxApp.StartAsync(backends, tablePrefix: backends.App.TablePrefix);
        var histories = Arb.From(
            Gen.Choose(0, int.MaxValue).ArrayOf(Steps).Select(steps => new History(steps)), history => history.Shorter());
        var property = Prop.ForAll(histories, history => RunAsync(history, second).GetAwaiter().GetResult());
        await Task.Run(() => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Histories).WithReplay((ulong)(uint)TestRun.Seed, 1), property));
    }

    private async Task RunAsync(History history, VoxApp second) =>
        await new HistoryRun(await backends.App.CreateProjectAsync(), second).RunAsync(history.Steps);

    private sealed record History(int[] Steps)
    {
        /// <summary>Tries the history without each half, quarter, eighth and so on.</summary>
        public IEnumerable<History> Shorter()
        {
            for (var size = Steps.Length / 2; size > 0; size /= 2)
            {
                for (var from = 0; from < Steps.Length; from += size)
                {
                    yield return new History([.. Steps[..from], .. Steps[Math.Min(from + size, Steps.Length)..]]);
                }
            }
        }

        public override string ToString() => $"{Steps.Length} steps: {string.Join(' ', Steps)}";
    }
}
