using Vox.SignalREmulation;

namespace Vox.Tests.SignalR;

public sealed class EmulatorCommandTests
{
    [Fact]
    public void Parse_NoArguments_UsesTheServicesDefaults()
    {
        Assert.True(EmulatorCommand.TryParse([], out var options, out _));

        Assert.Equal((8888, SignalREmulatorOptions.DevelopmentKey, 0), (options.Port, options.AccessKey, options.Upstreams.Count));
    }

    [Fact]
    public void Parse_Everything_IsTaken()
    {
        Assert.True(EmulatorCommand.TryParse(
            ["--port", "9000", "--upstream", "http://a", "--access-key", "k", "--upstream", "http://b"], out var options, out _));

        Assert.Equal((9000, "k"), (options.Port, options.AccessKey));
        Assert.Equal(["http://a", "http://b"], options.Upstreams);
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--port", "x")]
    [InlineData("--color", "red")]
    public void Parse_NotUnderstood_IsRefused(params string[] arguments)
    {
        Assert.False(EmulatorCommand.TryParse(arguments, out _, out var problem));
        Assert.Contains(arguments[0], problem);
    }

    [Fact]
    public async Task Start_PortInUse_SaysSo()
    {
        await using var first = await SignalREmulator.StartAsync(new(), TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<IOException>(
            () => SignalREmulator.StartAsync(new() { Port = first.Port }, TestContext.Current.CancellationToken));

        Assert.Contains(first.Port.ToString(), error.Message);
    }

    [Fact]
    public async Task Start_ShortKey_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentException>(
            () => SignalREmulator.StartAsync(new() { AccessKey = "short" }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ConnectionString_NamesEndpointPortAndKey()
    {
        await using var emulator = await SignalREmulator.StartAsync(new(), TestContext.Current.CancellationToken);

        Assert.Equal(
            $"Endpoint=http://localhost;Port={emulator.Port};AccessKey={SignalREmulatorOptions.DevelopmentKey};Version=1.0;",
            emulator.ConnectionString);
    }
}
