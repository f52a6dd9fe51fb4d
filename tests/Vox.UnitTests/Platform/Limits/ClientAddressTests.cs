using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Vox.Platform.Limits;

namespace Vox.Tests.Limits;

public sealed class ClientAddressTests
{
    private const string Id = "2f9ab3c4-0000-4000-8000-1234567890ab";

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7:50412", "203.0.113.7")]
    [InlineData("10.0.0.1, 203.0.113.7:50412", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3::7", "2001:db8:1:2::")]
    [InlineData("[2001:db8:1:2:3::7]:50412", "2001:db8:1:2::")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7, nonsense", null)]
    [InlineData("", null)]
    public void Of_ForwardedFor_IsTheLastHopBecauseClientsWriteTheOthers(string header, string? network) =>
        Assert.Equal(network, Of(new() { ClientAddressHeader = "X-Forwarded-For" }, ("X-Forwarded-For", header)).Network);

    [Fact]
    public void Of_BehindOurFrontDoor_IsWhatItSays() =>
        Assert.Equal("203.0.113.7", Of(
            new() { ClientAddressHeader = "X-Forwarded-For", FrontDoorId = Id }, ("X-Azure-FDID", Id), ("X-Azure-ClientIP", "203.0.113.7"),
            ("X-Forwarded-For", "203.0.113.7, 147.243.2.10:443")).Network);

    [Theory]
    [InlineData("another", Id)]
    [InlineData("", Id)]
    [InlineData(Id, "")]
    [InlineData("", "")]
    public void Of_FrontDoorsHeadersFromAnybodyElse_CountForNothing(string sent, string ours) =>
        Assert.Equal("198.51.100.9", Of(
            new() { ClientAddressHeader = "X-Forwarded-For", FrontDoorId = ours }, ("X-Azure-FDID", sent),
            ("X-Azure-ClientIP", "203.0.113.7"), ("X-Forwarded-For", "203.0.113.7, 198.51.100.9:61000")).Network);

    [Fact]
    public void Of_ConnectionFromThisMachine_IsUnknownAndAnyOtherConnectionIsTheClient()
    {
        Assert.Null(Of(new()).Network);
        Assert.Null(Of(new(), ("X-Forwarded-For", "203.0.113.7")).Network);
        Assert.Equal("198.51.100.9", Of(new(), IPAddress.Parse("198.51.100.9"), ("X-Forwarded-For", "203.0.113.7")).Network);
    }

    private static ClientAddress Of(LimitOptions options, params (string Name, string Value)[] headers) =>
        Of(options, IPAddress.Loopback, headers);

    private static ClientAddress Of(LimitOptions options, IPAddress connection, params (string Name, string Value)[] headers)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = connection;
        foreach (var (name, value) in headers)
        {
            http.Request.Headers[name] = value;
        }

        return new ClientAddresses(Options.Create(options)).Of(http.Request);
    }
}
