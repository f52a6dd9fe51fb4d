using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Vox.Tests.House;

/// <summary>An event id names one line of the log, so that operators can search and alert by it.</summary>
public sealed class LogEventTests
{
    private const BindingFlags Any =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void LogLines_OfTheApp_HaveEventIdsOfTheirOwn()
    {
        var lines = (
            from type in typeof(Program).Assembly.GetTypes()
            from method in type.GetMethods(Any)
            let message = method.GetCustomAttribute<LoggerMessageAttribute>()
            where message is not null
            select (message.EventId, Name: $"{type.Name}.{method.Name}")).ToList();

        Assert.True(lines.Count > 30, "Reflection found no log lines.");
        Lists.AssertNone(
            "Event ids that are used twice",
            lines.GroupBy(line => line.EventId)
                .Where(group => group.Count() > 1).Select(group => $"{group.Key}: {string.Join(", ", group.Select(l => l.Name))}"));
    }
}
