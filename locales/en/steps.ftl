# What an applicant is told of a step: on LINE, and in the letter. Nothing personal, and not what it is about: the page says it.

mail-step-subject = { $town }: news of your application
step-received =
    { $town }: We have your application.
    You can see it on this page:
    { $link }
step-held =
    { $town }: You have a place.
    You can see it on this page:
    { $link }
step-waiting =
    { $town }: You are on the waiting list.
    You can see it on this page:
    { $link }
step-offered =
    { $town }: A place became free. Please say in time whether you are coming.
    You can see it on this page:
    { $link }
step-sent-back =
    { $town }: Something in your application needs to be mended.
    You can see it on this page:
    { $link }
step-not-chosen =
    { $town }: There is a result of your application.
    You can see it on this page:
    { $link }
step-lapsed =
    { $town }: The place that was offered went on to somebody else, since nobody answered in time.
    You can see it on this page:
    { $link }
step-called-off =
    { $town }: Your application was called off by the office.
    You can see it on this page:
    { $link }
step-address-asked =
    { $town }: Your parcel leaves soon. Please tell us where to.
    You can write it on this page:
    { $link }
step-sent =
    { $town }: Your parcel is on its way.
    You can see it on this page:
    { $link }
step-came-back =
    { $town }: Your parcel came back without arriving.
    You can see it on this page:
    { $link }
step-tomorrow =
    { $town }: What you applied for is tomorrow. See you there.
    You can see it on this page:
    { $link }
step-afterwards =
    { $town }: Thank you for coming. Tell us in a word how it was.
    You can write it on this page:
    { $link }
step-account-asked =
    { $town }: The amount for you is decided. Please tell us an account.
    You can write it on this page:
    { $link }
step-money-paid =
    { $town }: We have paid.
    You can see it on this page:
    { $link }
step-money-came-back =
    { $town }: The transfer came back. Please look at the account you told us.
    You can write it on this page:
    { $link }
