using System.Collections.Generic;
using NUnit.Framework;

namespace Sentio.Tests
{
    /// <summary>Former public names still work; the compiler warns about them (CS0618).</summary>
    public sealed class FormerNamesTests
    {
        private Rig _rig;

        [SetUp]
        public void Begin() { _rig = new Rig(); }

        [TearDown]
        public void End() { _rig.Dispose(); }

#pragma warning disable 618
        [Test]
        public void SeedIsRandomSeed()
        {
            SentioSimulator simulator = _rig.Make<SentioSimulator>(one => one.Seed = 7);
            Assert.AreEqual(7, simulator.RandomSeed);
            simulator.RandomSeed = 8;
            Assert.AreEqual(8, simulator.Seed);
        }

        [Test]
        public void EndIsStop()
        {
            SentioRecorder recorder = _rig.Make<SentioRecorder>();
            recorder.End();
            Assert.IsFalse(recorder.Active);
        }

        [Test]
        public void OverrideIsOverrideValues()
        {
            SentioClient client = _rig.Make<SentioClient>(one => one.Autostart = false);
            SentioReply single = client.Override(AffectEntry.Stress, 0.5, 10);
            SentioReply several = client.OverrideValues(new Dictionary<AffectEntry, double> { { AffectEntry.Stress, 0.5 } });
            Assert.AreEqual(several.Op, single.Op);
            Assert.AreEqual("closed", single.Error.Code);
        }

        [Test]
        public void ToldIsDescribe()
        {
            SentioWhy why = _rig.Make<SentioWhy>();
            var change = new SentioAdaptation("fog", 0.5, "arousal 0.40");
            Assert.AreEqual(why.Describe(change), why.Told(change));
        }

        [Test]
        public void CountersAreClientCounters()
        {
            Counters former = new ClientCounters { Superseded = 1, Outdated = 2, MissedEvents = 3, Malformed = 4 };
            Assert.AreEqual(1, former.Superseded);
            Assert.AreEqual(2, former.Outdated);
            Assert.AreEqual(3, former.MissedEvents);
            Assert.AreEqual(4, former.Malformed);
        }
#pragma warning restore 618
    }
}
