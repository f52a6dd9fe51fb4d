using System.Text.Json;
using Vox.Tests.Fixture;

namespace Vox.Tests.CallbackApi;

/// <summary>Contacts, profiles, blocking and presence.</summary>
public sealed class ContactTests(Backends backends, Browser browser)
{
    [Fact]
    public async Task Contacts_AddListRemove_AsDocumented()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var alice = couple.Alice;

        Assert.Equal((200, "OK"), await alice.CallAsync("contacts.addContact", "bob") is { } added ? (added.Code, added.Phrase) : default);
        Assert.Equal(200, (await alice.CallAsync("contacts.addContact", "bob")).Code);
        Assert.Equal(204, (await alice.CallAsync("contacts.addContact", "+49 30/1:2")).Code);

        var list = (await alice.CallAsync("contacts.getContacts")).Resp;
        Assert.Equal(
            ["+49 30/1:2", "bob"], list.GetProperty("contacts").EnumerateArray().Select(c => c.GetString()).Order(StringComparer.Ordinal));
        Assert.Equal([1, 1], list.GetProperty("types").EnumerateArray().Select(t => t.GetInt32()));

        Assert.Equal(200, (await alice.CallAsync("contacts.removeContact", "bob")).Code);
        Assert.Equal(200, (await alice.CallAsync("contacts.removeContact", "never-there")).Code);
        Assert.Equal(
            "+49 30/1:2",
            Assert.Single((await alice.CallAsync("contacts.getContacts")).Resp.GetProperty("contacts").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task IsAppContacts_MixedIds_OnlyUsersWithTheIdAsAsked()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        Assert.Equal(200, (await couple.Bob.CallAsync("contacts.setProfile", "Bob", "Here I am", "pic.png")).Code);

        var answer = await couple.Alice.CallAsync("contacts.isAppContacts", (object)new[] { "nobody", "bob", "g123", "BOB", "" });

        Assert.Equal(200, answer.Code);
        var found = Assert.Single(answer.Resp.EnumerateArray());
        Assert.Equal(
            """{"mobileNumber":"bob","name":"Bob","presenceMessage":"Here I am","profilePicId":"pic.png","isOnline":true}""",
            found.GetRawText());
    }

    [Fact]
    public async Task Lookups_OddArguments_EmptyLists()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        foreach (var method in (string[])["contacts.isAppContacts", "contacts.getPresence"])
        {
            foreach (var odd in (object?[])[Array.Empty<string>(), null, "", new { }, new[] { "g1" }])
            {
                var answer = await couple.Alice.CallAsync(method, odd);
                Assert.Equal((200, "[]"), (answer.Code, answer.Resp.GetRawText()));
            }
        }

        // A single id, as the guide writes it.
        Assert.Single((await couple.Alice.CallAsync("contacts.getPresence", "bob")).Resp.EnumerateArray());
    }

    [Fact]
    public async Task GetPresence_OnlineAndOffline_WithTypes()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Project.CreateUserAsync("carol");

        var answer = await couple.Alice.CallAsync("contacts.getPresence", (object)new[] { "bob", "carol" });

        var (bob, carol) = (answer.Resp[0], answer.Resp[1]);
        Assert.Equal(["mobileNumber", "isOnline", "lastLoginTime", "statusMessage"], bob.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            ("bob", true, ""),
            (
                bob.GetProperty("mobileNumber").GetString(),
                bob.GetProperty("isOnline").GetBoolean(),
                bob.GetProperty("statusMessage").GetString()));
        Assert.Equal(
            (false, JsonValueKind.Number), (carol.GetProperty("isOnline").GetBoolean(), carol.GetProperty("lastLoginTime").ValueKind));
    }

    [Fact]
    public async Task Profile_SetAndGet_FalsyValuesStay()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        var alice = couple.Alice;

        var empty = await alice.CallAsync("contacts.getProfile", "alice");
        Assert.Equal((200, """{"displayName":"","Presence":"","profilePicture":""}"""), (empty.Code, empty.Resp.GetRawText()));
        Assert.Equal("OK", (await alice.CallAsync("contacts.setProfile", "Alice", "Busy", "pic.png")).Phrase);
        Assert.Equal(200, (await alice.CallAsync("contacts.setProfile", "Alice B.", "", null)).Code);

        foreach (var page in (ChatPage[])[couple.Alice, couple.Bob])
        {
            var profile = await page.CallAsync("contacts.getProfile", "alice");
            Assert.Equal("""{"displayName":"Alice B.","Presence":"Busy","profilePicture":"pic.png"}""", profile.Resp.GetRawText());
        }

        Assert.Equal(404, (await alice.CallAsync("contacts.getProfile", "nobody")).Code);
    }

    [Fact]
    public async Task BlockUser_AndUnblock_SecondArgumentIsUndefined()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);

        foreach (var method in (string[])["contacts.blockUser", "contacts.unblockUser"])
        {
            var answer = await couple.Alice.CallAsync(method, "bob");
            Assert.Equal((200, true), (answer.Code, answer.Json.GetProperty("undef").GetBoolean()));
        }
    }

    [Fact]
    public async Task ProfileChanged_OfAContact_IsTold()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.CallAsync("contacts.addContact", "bob");

        await couple.Bob.CallAsync("contacts.setProfile", "Bob", "", "");

        var changed = await couple.Alice.WaitForEventAsync("ProfileChanged");
        Assert.Equal("""{"mobilenumber":"bob","name":"Bob","message":"","profilePicUrl":""}""", changed.GetRawText());
        var at = (await couple.Alice.EventsAsync("ProfileChanged"))[0];
        Assert.Equal(("contacts", true), (at.GetProperty("source").GetString(), at.GetProperty("bound").GetBoolean()));
    }

    [Fact]
    public async Task UserJoined_ContactBecomesAUser_IsTold()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        Assert.Equal(204, (await couple.Alice.CallAsync("contacts.addContact", "carol")).Code);

        await couple.Project.CreateUserAsync("carol");

        var joined = await couple.Alice.WaitForEventAsync("UserJoined");
        Assert.Equal(("carol", "carol"), (joined.GetProperty("mobileNumber").GetString(), joined.GetProperty("user").GetString()));
    }

    [Fact]
    public async Task PresenceUpdate_ContactComesAndGoes_IsPushedAtOnce()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.CallAsync("contacts.addContact", "bob");

        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        couple.Alice.Requests.Clear();
        await couple.Bob.CallAsync("logout");
        var gone = await couple.Alice.WaitForEventAsync("PresenceUpdate", "!p.isOnline");
        await couple.Bob.LogInAsync(new TestUser(couple.Project, "bob", "secret"));
        var back = await couple.Alice.WaitForEventAsync("PresenceUpdate", "p.isOnline");

        Assert.Equal(["user", "isOnline", "time", "message"], gone.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("bob", "bob"), (gone.GetProperty("user").GetString(), back.GetProperty("user").GetString()));
        Assert.InRange(gone.GetProperty("time").GetInt64(), before, back.GetProperty("time").GetInt64());
        // This is pushed because of what Bob did. The timer that looks for expired leases does not run here, and Alice has not asked for
        // anything.
        Assert.All(couple.Alice.Requests, request => Assert.Equal("POST /api/v1/presence", request));
    }

    [Fact]
    public async Task PresenceUpdate_TabClosedWithoutLogout_GoesOffline()
    {
        await using var couple = await Couple.MeetAsync(backends, browser);
        await couple.Alice.CallAsync("contacts.addContact", "bob");

        await couple.Bob.Page.CloseAsync();

        await couple.Alice.WaitForEventAsync("PresenceUpdate", "p.user === 'bob' && !p.isOnline");
        Assert.False(
            (await couple.Alice.CallAsync("contacts.getPresence", (object)new[] { "bob" })).Resp[0].GetProperty("isOnline").GetBoolean());
    }
}
