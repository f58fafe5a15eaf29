using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using NUnit.Framework;
using Sentio.Demos;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Shared parts of the demos: music, mood and affect source.</summary>
    [TestFixture]
    public class SharedTests
    {
        [TearDown]
        public void End() { Stage.Reset(); }

        [Test]
        public void TonesStayInRangeAndEndInSilence()
        {
            foreach (Instrument instrument in Enum.GetValues(typeof(Instrument)))
                foreach (int pitch in new[] { 33, 48, 60, 72, 85 })
                {
                    float[] samples = Tones.Make(instrument, pitch);
                    Assert.LessOrEqual(samples.Max(one => Math.Abs(one)), 1);
                    Assert.Greater(samples.Max(one => Math.Abs(one)), 0.02);
                    Assert.Less(Math.Abs(samples[samples.Length - 1]), 0.001);
                }
        }

        [Test]
        public void CalmMusicIsThinnerThanTenseMusicAndPitchesStayInRange()
        {
            var score = new Score();
            var notes = new List<Note>();
            for (int step = 0; step < 512; step++) score.Notes(step, 0.1f, 0.2f, notes);
            int calm = notes.Count;
            for (int step = 0; step < 512; step++) score.Notes(step, 0.9f, -0.5f, notes);
            Assert.Greater(notes.Count - calm, 2 * calm);
            foreach (Note note in notes)
            {
                Assert.IsTrue(note.Pitch == 0 || (note.Pitch > 30 && note.Pitch < 90), note.Pitch.ToString());
                Assert.IsTrue(note.Gain >= 0 && note.Gain <= 1);
            }
        }

        [Test]
        public void TheMoodIsNeutralWithoutAffect()
        {
            var garden = new DemoRunner<BreathingGarden>();
            garden.Person.Scenario = SimulatedScenario.Joy;
            garden.Play(20);
            Assert.Greater(garden.Demo.Mood.Valence, 0.3f);
            garden.Person.State = AffectState.NoSubject;
            garden.Play(12);
            Assert.IsFalse(garden.Demo.Mood.Known);
            Assert.AreEqual(0, garden.Demo.Mood.Valence, 0.01);
        }

        [Test]
        public void WithoutASidecarTheDemoContinuesAndShowsAFix()
        {
            var arena = new DemoRunner<Emberfield>();
            arena.Demo.Source = DemoSource.Sidecar;
            var client = (SentioClient)arena.Demo.Feed;
            client.Stop();
            client.Connection = Connection("1,2");
            client.Begin();
            DateTime end = DateTime.UtcNow.AddSeconds(30);
            while (!client.LinkReason.Contains("sentio run") && DateTime.UtcNow < end) Frame();
            StringAssert.Contains("sentio run", client.LinkReason);
            arena.Play(60);
            Assert.Greater(arena.Demo.Horde.Came, 10);
            arena.Demo.Source = DemoSource.Simulator;
            Assert.IsFalse(client, "the client was destroyed");
        }

        [Test]
        public void ADemoConnectsToARunningSidecar()
        {
            var companion = new DemoRunner<Companion>();
            companion.Demo.Source = DemoSource.Sidecar;
            var client = (SentioClient)companion.Demo.Feed;
            client.Stop();
            client.Connection = Connection(Environment.GetEnvironmentVariable("SENTIO_PORTS"));
            client.Begin();
            DateTime end = DateTime.UtcNow.AddSeconds(40);
            while ((client.Link != LinkState.Live || !companion.Demo.Mood.Known) && DateTime.UtcNow < end) Frame();
            Assert.AreEqual(LinkState.Live, client.Link, client.LinkReason);
            Assert.IsTrue(companion.Demo.Mood.Known);
        }

        private static SentioConnection Connection(string ports)
        {
            var made = ScriptableObject.CreateInstance<SentioConnection>();
            made.StatePort = int.Parse(ports.Split(',')[0]);
            made.ControlPort = int.Parse(ports.Split(',')[1]);
            return made;
        }

        private static void Frame()
        {
            Stage.Frame(1f / 60);
            Thread.Sleep(10);
        }
    }
}
