using Vox.Chat.People;

namespace Vox.Tests.People;

public sealed class PersonViewTests
{
    private static readonly Profile Ann = new("Ann", "Here", "key");

    [Theory]
    [InlineData(null, 500, false, 500)]
    [InlineData(900L, 500, true, 900)]
    [InlineData(400L, 500, true, 500)]
    public void View_OfSomebody_HasTheLaterOfBothTimes(long? onlineSince, long lastSeen, bool online, long expected) =>
        Assert.Equal(
            new PersonView("ann", "Ann", "Here", "key", online, expected),
            PersonReader.View("ann", Ann, lastSeen, onlineSince, blocked: false));

    [Fact]
    public void View_OfSomebodyWhoBlockedTheAsker_TellsNeitherThatNorWhenTheyAreOnline() =>
        Assert.Equal(
            new PersonView("ann", "Ann", "Here", "key", Online: false, LastSeen: 0),
            PersonReader.View("ann", Ann, 500, 900, blocked: true));
}
