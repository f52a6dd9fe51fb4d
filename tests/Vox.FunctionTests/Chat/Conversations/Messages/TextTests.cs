using Vox.Chat.Users;
using Vox.Tests.Fixture;

namespace Vox.Tests.Messages;

/// <summary>Texts and names of every kind come back as they were sent, on every way out.</summary>
public sealed class TextTests(Backends backends)
{
    public static TheoryData<string> Texts =>
    [
        "Grüße 👋🏽 👨‍👩‍👧‍👦 🇩🇪",
        "مرحبا بالعالم \u202eabc\u202c עולם",
        "e\u0301 is not \u00e9",
        "\u0001\u0007\t\r\n\u001b[31m\u007f\u0085\u2028\ufeff\ufffe\uffff",
        "<script>alert('x')</script> \" ' & \\ %00 ${x} {{y}}",
        "' or 1 eq 1 or '",
        "2020-01-06T12:45:31.1234567+02:00",
        "\U00010000\U0010ffff",
    ];

    public static TheoryData<string> Names =>
    [
        "a/b\\c#d?e%f",
        "%2F%00%",
        "../../etc",
        "o'brien",
        "' or 1 eq 1 or '",
        "x|y!z}{",
        "alice@example.com",
        "a b  c",
        "+49 170 1234",
        "😀👨‍👩‍👧",
        "مستخدم",
        "\u202eגב",
        "e\u0301",
        "\u00e9",
        "NULL ",
        "-",
        ".",
        "..",
        ":",
        "<b>&amp;\"",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task SendChat_AnyText_ArrivesLiveInHistoryAndInMessagesUnchanged(string text)
    {
        var project = await backends.App.CreateProjectAsync();
        var alice = await project.CreateUserAsync("alice");
        var bob = await (await project.CreateUserAsync("bob")).LogInAsync();
        await using var live = await bob.ConnectAsync();

        await alice.SendChatAsync("bob", text);

        Assert.Equal(text, (await live.NextMessageAsync()).GetProperty("data").GetString());
        Assert.Equal(text, Assert.Single(await project.HistoryAsync()).Data);
        var page = await bob.GetJsonAsync("/api/v1/messages?with=alice");
        Assert.Equal(text, page.GetProperty("messages")[0].GetProperty("data").GetString());
        var list = await bob.GetJsonAsync("/api/v1/conversations");
        Assert.Equal(text, list.GetProperty("conversations")[0].GetProperty("lastMessage").GetProperty("data").GetString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Users_WithAnyName_LogInConnectSendReceiveAndAreDeleted(string given)
    {
        var name = LoginIds.Canonical(given);
        var project = await backends.App.CreateProjectAsync();
        var odd = await project.CreateUserAsync(name);
        var bob = await project.CreateUserAsync("bob");
        var session = await odd.LogInAsync();
        Assert.Equal(name, session.LoginId);
        await using var live = await session.ConnectAsync();

        await bob.SendChatAsync(name, "to you");
        await odd.SendChatAsync("bob", "from you");

        var message = await live.NextMessageAsync();
        Assert.Equal(("bob", name), (message.GetProperty("from").GetString(), message.GetProperty("to").GetString()));
        var page = await (await bob.LogInAsync()).GetJsonAsync($"/api/v1/messages?with={Uri.EscapeDataString(name)}");
        Assert.Equal(2, page.GetProperty("lastSequence").GetInt64());
        if (name != "NULL")
        {
            Assert.Equal("from you", Assert.Single(await project.HistoryAsync(query: $"fromnumber={Uri.EscapeDataString(name)}")).Data);
            Assert.Equal("to you", Assert.Single(await project.HistoryAsync(query: $"tonumber={Uri.EscapeDataString(name)}")).Data);
        }

        await project.DeleteUserAsync(name).TextAsync();
        await odd.PostLogInAsync().ProblemAsync("invalid_credentials");
    }

    [Fact]
    public async Task Users_NamesThatLookAlike_AreKeptApart()
    {
        var project = await backends.App.CreateProjectAsync();
        await project.CreateUserAsync("\u0430lice", "cyrillic");
        await project.CreateUserAsync("alice", "latin one");

        await new TestUser(project, "\u0430lice", "cyrillic").LogInAsync();
        await new TestUser(project, "alice", "cyrillic").PostLogInAsync().ProblemAsync("invalid_credentials");
    }
}
