using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Unknown entry names and markers that are nearly known warn once, with the nearest name.</summary>
    [TestFixture]
    public class EntryNamesTests
    {
        [SetUp]
        public void Begin() { Stage.Reset(); }

        [TearDown]
        public void End() { Stage.Reset(); }

        [Test]
        public void AKnownNameIsItsEntry()
        {
            var frame = new AffectFrame();
            frame.Set(AffectEntry.Arousal, 0.25f);
            Assert.AreEqual(0.25f, frame.Value("arousal"));
            Assert.IsNaN(frame.Value("stress"));
            Assert.AreEqual(0.5f, frame.Value("stress", 0.5f));
        }

        [Test]
        public void AnUnknownNameWarnsOnceWithTheNearest()
        {
            Debug.Lines.Clear();
            var frame = new AffectFrame();
            for (int i = 0; i < 3; i++) Assert.IsNaN(frame.Value("arousel"));
            Assert.AreEqual(1, Debug.Lines.Count);
            StringAssert.Contains("no entry 'arousel'; did you mean 'arousal'?", Debug.Lines[0]);
            Assert.IsNaN(frame.Value("qqqqqqqq"));
            StringAssert.EndsWith("no entry 'qqqqqqqq'", Debug.Lines[1]);
            Assert.AreEqual(0.5f, frame.Value(null, 0.5f));
            Assert.AreEqual(2, Debug.Lines.Count);
            Debug.Lines.Clear();
        }

        [Test]
        public void AMarkerWithATypingErrorWarns()
        {
            Debug.Lines.Clear();
            var rig = new Rig();
            SentioSimulator simulator = rig.Make<SentioSimulator>();
            for (int i = 0; i < 2; i++) simulator.Mark("challengee", null);
            simulator.Mark("challenge", null);
            simulator.Mark("boss", null);
            Assert.AreEqual(1, Debug.Lines.FindAll(line => line.Contains("reads the marker 'challenge'")).Count);
            Assert.AreEqual(1, Debug.Lines.FindAll(line => line.Contains("marker")).Count);
            Debug.Lines.Clear();
            rig.Dispose();
        }
    }
}
