"""Who may do what to whose: every verb and query by role, drawn. docs/permissions.md shows it, and a test tries it.

yes: to anybody's. own: to what is of the own organisation, or to the own account. -: refused.
"""

MATRIX = """
                                    administrator secretariat chair member official
administration.add_organisation          yes          -         -     -       -
administration.all_accounts              yes          -         -     -       -
administration.all_organisations         yes         yes        -    yes      -
administration.change_organisation       yes          -         -     -       -
administration.change_role               yes          -         -     -       -
administration.close_account             yes          -         -     -       -
administration.close_unused              yes          -         -     -       -
administration.forget_second_factor      yes          -         -     -       -
administration.invite                    yes          -         -     -       -
administration.invite_anew               yes          -         -     -       -
administration.let_try_again             yes          -         -     -       -
administration.reopen_account            yes          -         -     -       -
attachments.all_attachments               -          yes       yes   own      -
attachments.attach                        -          own       own   own      -
attachments.open_attachment               -          yes       yes   own      -
audit.export                             yes          -         -     -       -
audit.last_verification                  yes          -         -     -       -
audit.people                             yes          -         -     -       -
audit.record_verification                yes          -         -     -       -
audit.trail                              yes          -         -     -       -
audit.unanchored                         yes          -         -     -       -
audit.verify                             yes          -         -     -       -
data_protection.approve_erasure           -           -        yes    -       -
data_protection.decline_erasure           -           -        yes    -       -
data_protection.go_on                    yes         yes       yes   yes     yes
data_protection.past_their_time           -          yes       yes    -       -
data_protection.propose_erasure           -          yes        -     -       -
exports.record_download                  yes         yes       yes   yes      -
publication.approve_policy                -           -        yes    -       -
publication.lost_to_earlier               -           -        yes    -       -
publication.policy_in_force              yes         yes       yes   yes     yes
publication.prepare                       -           -        yes    -       -
publication.publish                       -           -        yes    -       -
publication.unprotected                   -           -        yes    -       -
publication.what_if                       -           -        yes    -       -
publication.withdraw                      -           -        yes    -       -
releases.all_releases                     -          yes       yes    -       -
releases.approve                          -          yes       yes    -       -
releases.freeze                           -          yes        -     -       -
releases.ready                            -          yes        -     -       -
releases.reject                           -          yes       yes    -       -
releases.yearly_totals                    -          yes       yes    -       -
sessions.accept_clause                   own         own       own   own     own
sessions.change_password                 own         own       own   own     own
sessions.choose_password                 own         own       own   own     own
sessions.close_dashboard                 yes         yes       yes    -       -
sessions.closure                         yes         yes       yes    -       -
sessions.confirm                         own         own       own   own     own
sessions.end_other_sessions              own         own       own   own     own
sessions.end_session                     own         own       own   own     own
sessions.incidents                       yes         yes       yes    -       -
sessions.own_sessions                    own         own       own   own     own
sessions.remove_second_factor             -           -        own   own     own
sessions.renew_recovery_codes            own         own       own   own     own
sessions.reopen_dashboard                yes          -         -     -       -
sessions.report_incident                 yes         yes       yes   yes     yes
sessions.set_up_second_factor            own         own       own   own     own
single_sign_on.link                      own         own       own   own     own
single_sign_on.unlink                    yes         own       own   own     own
submissions.accept                        -          yes        -     -       -
submissions.findings                      -          yes        -    own      -
submissions.previous                      -          yes        -    own      -
submissions.receive                       -          yes        -    own      -
submissions.refuse                        -          yes        -     -       -
submissions.visible                       -          yes        -    own      -
"""
"""Figures for the working group (exports.record_download) are not for officials; those for wider circulation are."""
