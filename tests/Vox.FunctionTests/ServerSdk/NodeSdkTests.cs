using Vox.Tests.Fixture;

namespace Vox.Tests.ServerSdk;

/// <summary>The SDK for Node against the real app: <c>functions/server-sdk/node/test/sdk.mjs</c> says what is expected.</summary>
public sealed class NodeSdkTests(Backends backends)
{
    [Fact]
    public async Task EveryCall_AgainstTheRealApp_DoesWhatItSays()
    {
        var server = await SdkProgram.ServerAsync(backends);
        using var program = SdkProgram.Start(
            "node", "node", ["test/sdk.mjs"], ("VOX_ADDRESS", server.App.Address.ToString()), ("VOX_API_KEY", server.Key));

        Assert.Contains("all done", await program.EndAsync(), StringComparison.Ordinal);
    }
}
