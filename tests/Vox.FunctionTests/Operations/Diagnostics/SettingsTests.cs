using Vox.Operations.Diagnostics;

namespace Vox.Tests.Diagnostics;

/// <summary>What stops the start, sentence by sentence. It is tested in this process, and nothing is started.</summary>
public sealed class SettingsTests
{
    private const string Storage =
        "AzureWebJobsStorage=DefaultEndpointsProtocol=https;AccountName=vox;AccountKey=AAAA;EndpointSuffix=core.windows.net";
    private const string SignalR = "AzureSignalRConnectionString=Endpoint=https://vox.service.signalr.net;AccessKey=AAAA;Version=1.0;";

    [Fact]
    public void Start_WithGoodSettings_FindsNothing() => Assert.Empty(Find(Storage, SignalR));

    [Fact]
    public void Start_ByIdentity_FindsNothing() => Assert.Empty(Find(
        "AzureWebJobsStorage:accountName=stvoxapp", "Storage:AccountName=stvoxdata",
        "AzureSignalRConnectionString:serviceUri=https://vox.service.signalr.net"));

    [Fact]
    public void Start_WithSeveralProblems_NamesEachInOneSentence()
    {
        var problems = Find(
            "Storage:ConnectionString=garbage", "Storage:AccountName=stvoxdata", "Storage:TimeoutSeconds=500", "Users:CacheSeconds=0",
            "Realtime:MaxPushes=many", SignalR, "AzureSignalRConnectionString:serviceUri=https://vox.service.signalr.net");

        Assert.Contains("Storage__TimeoutSeconds must be between 1 and 100, and is 500.", problems);
        Assert.Contains("Users__CacheSeconds must be between 1 and 300, and is 0.", problems);
        Assert.Contains("Realtime__MaxPushes is 'many', which is not a number.", problems);
        Assert.Contains(problems, p => p.StartsWith("Storage__ConnectionString is not a list of Name=Value", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.StartsWith("Storage__ConnectionString and Storage__AccountName", StringComparison.Ordinal));
        Assert.All(problems, p => Assert.Matches("^[A-Z].*\\.$", p));
    }

    [Theory]
    [InlineData("AzureWebJobsStorage=DefaultEndpointsProtocol=https;AccountName=vox;AccountKey=not base 64", "not base64")]
    [InlineData("AzureWebJobsStorage=DefaultEndpointsProtocol=https;AccountName=vox", "has no AccountKey")]
    [InlineData("AzureSignalRConnectionString=AccessKey=AAAA", "no valid Endpoint")]
    [InlineData("AzureSignalRConnectionString=Endpoint=https://vox.service.signalr.net", "has no AccessKey")]
    [InlineData("AzureSignalRConnectionString=Endpoint=https://vox.service.signalr.net;AccessKey=A;Port=x", "Port that is no number")]
    [InlineData("Sessions:SigningKey=short", "base64 of at least 32 bytes")]
    public void Start_WithABrokenSetting_SaysWhatIsWrong(string setting, string expected)
    {
        var problem = Assert.Single(Find(Storage, SignalR, setting));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1=Endpoint=https://two.service.signalr.net;AccessKey=B", "set Azure__SignalR__Endpoints__1 to the same")]
    [InlineData("1=https://two.service.signalr.net", "by key, or to all by identity")]
    [InlineData("1=Endpoint=https://vox.service.signalr.net;AccessKey=A", "another number has already")]
    [InlineData("0=Endpoint=https://two.service.signalr.net;AccessKey=B", "differs from AzureSignalRConnectionString")]
    [InlineData("one=Endpoint=https://two.service.signalr.net;AccessKey=B", "numbered from 0 to 99")]
    [InlineData("1=two", "neither a connection string nor an address")]
    [InlineData("1=AccessKey=B", "no valid Endpoint")]
    public void Start_WithABrokenListOfSignalRServices_SaysWhatIsWrong(string service, string expected)
    {
        var problem = Assert.Single(Find(Storage, SignalR, "Realtime:Services:" + service));
        Assert.StartsWith("Realtime__Services__" + service.Split('=')[0], problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("AccessKey=", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WithSeveralSignalRServices_IsFine()
    {
        const string Two = "Endpoint=https://two.service.signalr.net;AccessKey=B";
        Assert.Empty(Find(Storage, SignalR, "Realtime:Services:1=" + Two, "Azure:SignalR:Endpoints:1=" + Two, "Realtime:Services:2="));
        Assert.Empty(Find(
            Storage, "AzureSignalRConnectionString:serviceUri=https://vox.service.signalr.net",
            "Realtime:Services:0=https://vox.service.signalr.net", "Realtime:Services:3=https://two.service.signalr.net"));
        Assert.Contains("AzureSignalRConnectionString is not", Assert.Single(
            Find(Storage, "Realtime:Services:1=" + Two, "Azure:SignalR:Endpoints:1=" + Two)), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WithASecretThatIsWrong_DoesNotRepeatIt() =>
        Assert.DoesNotContain(Find(Storage, SignalR, "Sessions:SigningKey=hunter2"), p => p.Contains("hunter2", StringComparison.Ordinal));

    private static IReadOnlyList<string> Find(params string[] settings)
    {
        using var host = Program.CreateBuilder(
            ["--Demo:File=", "--AzureWebJobsStorage=", "--AzureSignalRConnectionString=", .. settings.Select(s => "--" + s)]).Build();
        return SettingsProblems.Find(host);
    }
}
