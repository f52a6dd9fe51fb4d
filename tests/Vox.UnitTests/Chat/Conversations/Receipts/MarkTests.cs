using Vox.Chat.Conversations.Receipts;
using Vox.Chat.Conversations.Storage;

namespace Vox.Tests.Receipts;

public sealed class MarkTests
{
    private const long Now = 1_000;
    private static readonly Mark Before = new(10, 7, 5, 6, null);

    [Theory]
    [InlineData(12, 5, 12, Now, 5, 6)]
    [InlineData(10, 8, 10, 7, 8, Now)]
    [InlineData(11, 11, 11, Now, 11, Now)]
    [InlineData(3, 2, 10, 7, 5, 6)]
    public void Forward_NeverGoesBackAndHasNewTimesOnlyWhereItMoves(
        long delivered, long read, long expectedDelivered, long deliveredAt, long expectedRead, long readAt) =>
        Assert.Equal(new Mark(expectedDelivered, deliveredAt, expectedRead, readAt, null), Before.Forward(delivered, read, Now));

    [Fact]
    public void Next_ShortStretch_IsOneStep() =>
        Assert.Equal(new Mark(60, Now, 60, Now, null), ReceiptService.Next(Before, 60, 60, 0, Now));

    [Fact]
    public void Next_LongStretch_StepsOfOneTransactionUntilTheEnd()
    {
        var (mark, steps) = (Before, 0);
        while (ReceiptService.Next(mark, 500, 500, steps, Now) is var next && next != mark)
        {
            var from = Math.Min(mark.Delivered, mark.Read);
            Assert.InRange(next.Delivered - from, 1, ConversationStore.MaxMarked);
            (mark, steps) = (next, steps + 1);
        }

        Assert.Equal((500, 500, 5), (mark.Delivered, mark.Read, steps));
    }

    [Fact]
    public void Next_VeryLongStretch_SkipsTheOldestAndReachesTheEndInTenSteps()
    {
        var (mark, steps) = (Before, 0);
        while (ReceiptService.Next(mark, 1_000_000, 1_000_000, steps, Now) is var next && next != mark)
        {
            (mark, steps) = (next, steps + 1);
        }

        Assert.Equal((1_000_000, 1_000_000, 10), (mark.Delivered, mark.Read, steps));
    }
}
