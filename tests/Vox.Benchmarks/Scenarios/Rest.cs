using Vox.Benchmarks.Runner;

namespace Vox.Benchmarks.Scenarios;

/// <summary>The same as send, but through the vendor's call that carries the password. It shows how much more that call costs.</summary>
internal sealed class Rest : IScenario
{
    public string Name => "rest";

    public string What => "1:1 messages through /sendchat with the password each time, closed loop; --pairs 20 --seconds 15 --bytes 100";

    public string[] Short => ["--seconds", "6"];

    public Task RunAsync(Options options, Report report)
    {
        report.Note($"POST /sendchat; the recipient listens on a WebSocket.");
        return Send.MeasureAsync(options, report, Send.ClosedTable(report), "/sendchat", receipts: false, rest: true);
    }
}
