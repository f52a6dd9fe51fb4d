using Vox.Chat.Conversations.Storage;

namespace Vox.Tests.Conversations;

public sealed class SequenceSetTests
{
    [Fact]
    public void With_AnyOrder_IsTheSetAndItsTextGivesItBack()
    {
        var random = Random.Shared;
        for (var round = 0; round < 200; round++)
        {
            var (set, expected) = (SequenceSet.Empty, new SortedSet<long>());
            for (var i = 0; i < 30; i++)
            {
                var sequence = random.Next(1, 40);
                set = set.With(sequence);
                expected.Add(sequence);
            }

            set = SequenceSet.Parse(set.ToString());
            Assert.Equal(expected, set.Within(1, long.MaxValue, 1_000));
            Assert.All(Enumerable.Range(0, 45), n => Assert.Equal(expected.Contains(n), set.Contains(n)));
            var (first, last) = (random.Next(1, 20), random.Next(20, 40));
            Assert.Equal(expected.Count(n => n >= first && n <= last), set.Count(first, last));
            Assert.Equal(expected.Where(n => n >= first && n <= last), set.Only(first, last).Within(1, long.MaxValue, 1_000));
            Assert.Equal(
                Enumerable.Range(0, last + 1).Select(n => (long)n).Last(n => !expected.Contains(n)), set.LastOutside(last));
        }
    }

    [Fact]
    public void ToString_Neighbours_AreOneRange() =>
        Assert.Equal("1-3 5", SequenceSet.Empty.With(5).With(1).With(3).With(2).ToString());

    [Fact]
    public void Within_MoreThanWanted_GivesTheNewest() => Assert.Equal(
        [8, 9], SequenceSet.Parse("1-9").Within(1, 100, 2));
}
