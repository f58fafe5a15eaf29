using System;
using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Garbage of the components.</summary>
    [TestFixture]
    public class CostTests
    {
        [Test]
        public void FramesInSteadyStateAllocateNothing()
        {
            Stage.Reset();
            var rig = new Rig();
            HandFeed feed = rig.Make<HandFeed>(one => one.TakesAdaptations = false);
            SentioRails rails = rig.Make<SentioRails>(one => one.Feed = feed);
            SentioBinding binding = rig.Make<SentioBinding>(one =>
            {
                one.Source = feed;
                one.Rails = rails;
                one.IsLight = true;
            });
            SentioDirector director = rig.Make<SentioDirector>(one =>
            {
                one.Source = feed;
                one.Rails = rails;
            });
            SentioBreathing breathing = rig.Make<SentioBreathing>(one => one.Source = feed);
            SentioExpression expression = rig.Make<SentioExpression>(one => one.Face = rig.Face("jawOpen"));
            Action<int> frame = i =>
            {
                feed.Give(AffectEntry.Arousal, (float)Math.Sin(0.01 * i), 0.8f);
                feed.Give(AffectEntry.HeartRate, 65 + (i & 7), 0.8f);
                rails.Advance(0.016f);
                binding.Advance(0.016f);
                director.Advance(0.016f);
                breathing.Advance(0.016f);
                expression.Advance(0.016f);
            };
            for (int i = 0; i < 5000; i++) frame(i);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 5000; i++) frame(i);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Stage.Reset();
            Assert.AreEqual(0, allocated);
        }
    }
}
