using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Primitives;
using Vox.Tests.Docs;

namespace Vox.Tests.Shim;

/// <summary>
/// The code that stands in for the SignalRService package has exactly the package's public surface. Otherwise the app would compile here
/// but not for a release. With SignalRServicePackage=Official the table itself is tested.
/// </summary>
public sealed class SignalRSurfaceTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private static readonly JsonSerializerOptions Sparse = new(Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static readonly string[] Table =
    [
        .. Repository.Read("tests", "Vox.UnitTests", "Shim", "signalr-surface.txt").Split('\n')
            .Select(line => line.TrimEnd()).Where(line => line.Length > 0 && line[0] != '#'),
    ];

    private static readonly HashSet<string> LeftOut =
        [.. Table.Where(line => line[0] == '-').Select(line => line[2..])];

    private static bool IsShim => typeof(SignalRTriggerAttribute).Assembly.GetName().Name == "Vox.SignalRShim";

    private static Type[] Types => typeof(SignalRTriggerAttribute).Assembly.GetExportedTypes();

    [Fact]
    public void Surface_OfWhatTheAppRefersTo_IsThatOfTheTable()
    {
        var wanted = Surface.Flatten(Table.Where(line => line[0] != '-'));
        var found = Surface.Flatten(Types.Where(type => !LeftOut.Contains(type.FullName!)).SelectMany(Surface.Lines));

        Assert.True(wanted.Count > 50, "The table was not read.");
        Lists.AssertNone("In the table and not offered", wanted.Except(found, StringComparer.Ordinal));
        Lists.AssertNone("Offered and not in the table", found.Except(wanted, StringComparer.Ordinal));
    }

    [Fact]
    public void Surface_TypesLeftOut_AreAllOrNoneThere() =>
        Assert.Contains(Types.Count(type => LeftOut.Contains(type.FullName!)), new[] { 0, LeftOut.Count });

    /// <summary>With the attribute for host extensions, the Functions SDK would restore an extension of the host.</summary>
    [Fact]
    public void Shim_NamesNoHostExtension()
    {
        Assert.SkipUnless(IsShim, "Built with the official package.");

        Assert.Empty(typeof(SignalRTriggerAttribute).Assembly.GetCustomAttributes(typeof(ExtensionInformationAttribute), inherit: false));
    }

    [Fact]
    public void InvocationContext_AsAHostSendsIt_IsRead()
    {
        const string json = """
            {"Arguments":[{"to":"bob"}],"Error":null,"Category":"Messages","Event":"typing","Hub":"chat","ConnectionId":"c1","UserId":"p:alice",
             "Headers":{"accept":"text/html,text/plain"},"Query":{"u":"p:alice","empty":""},"Claims":{"iat":"1767225600","none":null}}
            """;

        var context = JsonSerializer.Deserialize<SignalRInvocationContext>(json, Web)!;

        Assert.Equal(SignalRInvocationCategory.Messages, context.Category);
        Assert.Equal("bob", ((JsonElement)Assert.Single(context.Arguments!)).GetProperty("to").GetString());
        // Split at every comma, as the package does.
        Assert.Equal(["text/html", "text/plain"], context.Headers["accept"].AsEnumerable());
        Assert.Equal("text/html,text/plain", context.Headers["accept"].ToString());
        Assert.Equal(("p:alice", ""), (context.Query["u"].ToString(), context.Query["empty"].ToString()));
        Assert.Equal(("1767225600", 0), (context.Claims["iat"].ToString(), context.Claims["none"].Count));
        Assert.False(context.Claims.ContainsKey("IAT"));
    }

    [Fact]
    public void InvocationContext_WithoutWhatAHostMayLeaveOut_HasNull()
    {
        var context = JsonSerializer.Deserialize<SignalRInvocationContext>(
            """{"Category":"Connections","Event":"connected","Hub":"chat","ConnectionId":"c1","Claims":null}""", Web)!;

        Assert.Equal(SignalRInvocationCategory.Connections, context.Category);
        Assert.Null(context.Arguments);
        Assert.Null(context.UserId);
        Assert.Null(context.Claims);
        Assert.Null(context.Query);
    }

    [Fact]
    public void InvocationContext_WrittenAndReadAgain_IsTheSame()
    {
        Assert.SkipUnless(IsShim, "The package cannot read what it writes.");
        var context = new SignalRInvocationContext
        {
            Headers = new Dictionary<string, StringValues>(StringComparer.Ordinal) { ["a"] = new(["1", "2"]), ["b"] = "3" },
        };

        var again = JsonSerializer.Deserialize<SignalRInvocationContext>(JsonSerializer.Serialize(context, Web), Web)!;

        Assert.Equal(context.Headers, again.Headers);
    }

    [Theory]
    [InlineData("""{"Headers":["a"]}""")]
    [InlineData("""{"Headers":{"a":{}}}""")]
    [InlineData("""{"Headers":{"a":[{}]}}""")]
    public void InvocationContext_ThatIsNone_IsRefused(string json) =>
        Assert.ThrowsAny<Exception>(() => JsonSerializer.Deserialize<SignalRInvocationContext>(json, Web));

    [Fact]
    public void Actions_AsTheWorkerSendsThem_HaveTheHostsNames()
    {
        var message = new SignalRMessageAction("typing", [1]) { UserId = "p:bob" };
        var group = new SignalRGroupAction(SignalRGroupActionType.RemoveAll) { UserId = "p:bob" };

        Assert.Equal(
            """{"userId":"p:bob","target":"typing","arguments":[1]}""", JsonSerializer.Serialize(message, Sparse));
        Assert.Equal("""{"userId":"p:bob","action":"RemoveAll"}""", JsonSerializer.Serialize(group, Sparse));
        Assert.Throws<ArgumentNullException>(() => new SignalRMessageAction(null!));
    }
}
