using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Vox.DevHost.DevTools;

namespace Vox.Tests.House;

/// <summary>Every timer does its work in a run (<c>TimerRun</c>), so that one failure holds nothing else up.</summary>
public sealed class TimerTests
{
    /// <summary>
    /// These do one piece of work, note how far it is, and have a lease. After a failure the next run must try at once: a backup does not
    /// wait for hours, and a restore writes nothing but what it restores.
    /// </summary>
    private static readonly string[] OfOnePiece = ["BackUpTables", "RestoreTables"];

    [Fact]
    public void Timers_OfTheApp_WorkInRunsOfTheirName()
    {
        var sources = string.Concat(
            Directory.EnumerateFiles(Path.Combine(LocalPaths.Repository, "functions", "app"), "*.cs", SearchOption.AllDirectories)
                .Select(File.ReadAllText));
        string[] timers =
        [
            .. from type in typeof(Program).Assembly.GetExportedTypes()
               from method in type.GetMethods()
               where method.GetParameters().Any(parameter => parameter.IsDefined(typeof(TimerTriggerAttribute), inherit: false))
               select method.GetCustomAttribute<FunctionAttribute>()!.Name,
        ];

        Assert.True(timers.Length > 10, "Reflection found no timers.");
        Lists.AssertNone(
            "Timers without a run",
            timers.Except(OfOnePiece).Where(timer => !sources.Contains($".Begin(\"{timer}\"", StringComparison.Ordinal)));
    }
}
