using System.Collections.Concurrent;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vox.Tests.Fixture;

namespace Vox.Tests.Conversations;

/// <summary>What operators read in the log about a conversation that many instances write to.</summary>
public sealed class ContentionTests(Backends backends)
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(6, true)]
    public async Task Send_OvertakenByOtherInstances_IsToldOnlyWhenItHappensOftenInARow(int times, bool told)
    {
        var log = new EventLog();
        var faults = new StorageFaults();
        await using var app = await VoxApp.StartAsync(
            backends,
            ["Logging:LogLevel:Default=Warning"],
            builder =>
            {
                builder.Services.AddSingleton<HttpPipelinePolicy>(faults);
                builder.Logging.AddProvider(log);
            });
        var project = await app.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        await project.CreateUserAsync("bob");
        await alice.SendChatAsync("bob", "first");
        var left = times;
        faults.Choose = request =>
            request.Contains("$batch", StringComparison.Ordinal) && request.Contains("second", StringComparison.Ordinal)
            && Interlocked.Decrement(ref left) >= 0
                ? Fault.OvertakenBefore
                : Fault.None;

        await alice.SendChatAsync("bob", "second");

        Assert.True(left < 0);
        Assert.Equal(told, log.Events.Contains(2002));
        Assert.DoesNotContain(2000, log.Events);
    }

    private sealed class EventLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<int> Events { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Events.Enqueue(eventId.Id);

        public void Dispose()
        {
        }
    }
}
