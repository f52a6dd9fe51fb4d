using Microsoft.Extensions.Time.Testing;
using Vox.Chat.Conversations.Storage;

namespace Vox.Tests.Conversations;

/// <summary>When a process holds back so that others can write, and when it does not.</summary>
public sealed class ContentionTests
{
    private static readonly TimeSpan Commit = TimeSpan.FromMilliseconds(20);
    private readonly FakeTimeProvider clock = new();
    private readonly Contention contention;
    private double random;

    public ContentionTests() => contention = new Contention(clock, () => random);

    [Fact]
    public void Committed_NobodyElse_GoesOnAtOnce()
    {
        Learn(10);
        Assert.Equal(TimeSpan.Zero, contention.Rest);
    }

    [Fact]
    public void Committed_OvertakenLately_RestsAboutACommitAndForgetsAfterTwoSeconds()
    {
        Learn(40);
        contention.Overtaken();
        contention.Committed(Commit);
        Assert.InRange(contention.Rest, Commit * 0.7, Commit * 0.8);
        random = 1;
        contention.Committed(Commit);
        Assert.InRange(contention.Rest, Commit * 1.4, Commit * 1.6);

        // It counts from the commit: who comes later than that does not wait.
        clock.Advance(Commit * 2);
        Assert.True(contention.Rest <= TimeSpan.Zero);
        clock.Advance(TimeSpan.FromSeconds(2));
        contention.Committed(Commit);
        Assert.Equal(TimeSpan.Zero, contention.Rest);
    }

    [Fact]
    public void Committed_WithoutPauseForASecond_LeavesAGap()
    {
        for (var took = TimeSpan.Zero; took < TimeSpan.FromSeconds(1); took += Commit)
        {
            Assert.Equal(TimeSpan.Zero, contention.Rest);
            Learn(1);
        }

        Assert.InRange(contention.Rest, Commit * 2.4, Commit * 2.6);
        clock.Advance(contention.Rest);
        Learn(1);
        Assert.Equal(TimeSpan.Zero, contention.Rest);
    }

    [Fact]
    public void Committed_NowAndThen_LeavesNone()
    {
        for (var i = 0; i < 20; i++)
        {
            clock.Advance(Commit * 10);
            Learn(1);
            Assert.Equal(TimeSpan.Zero, contention.Rest);
        }
    }

    [Fact]
    public void BeforeAttempt_FirstAtOnceThenUpToACommitAndEverLonger()
    {
        Learn(40);
        random = 1;
        Assert.Equal(TimeSpan.Zero, contention.BeforeAttempt(1));
        Assert.InRange(contention.BeforeAttempt(2), Commit * 0.9, Commit * 1.1);
        Assert.InRange(contention.BeforeAttempt(10), Commit * 5.5, Commit * 6.5);
        Assert.InRange(contention.BeforeAttempt(1_000), Commit * 19, Commit * 21);
        random = 0;
        Assert.Equal(TimeSpan.Zero, contention.BeforeAttempt(10));
    }

    private void Learn(int commits)
    {
        for (var i = 0; i < commits; i++)
        {
            clock.Advance(Commit);
            contention.Committed(Commit);
        }
    }
}
